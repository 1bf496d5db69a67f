// The real command on job lists: exit codes, results, and what is left on disk.
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, regatta, startRegatta, writeJobs } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

describe('regatta run', () => {
  it('runs jobs in order of their dependencies and ends with 0 when all pass', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'run', cmd: 'cat ../build/made', deps: ['build'], pass_patterns: ['^made$'] },
      { full_name: 'build', target: 'build', cmd: 'echo made > made' },
    ]);
    const { code, stdout, stderr } = await regatta(dir, 'run', jobs);
    expect({ code, firstLine: stdout.split('\n')[0] }).toEqual({
      code: 0,
      firstLine: expect.stringMatching(/^2 jobs in .*: 2 passed, 0 failed, 0 killed$/) as string,
    });
    expect(stderr).toContain('build: done');
    const results = readResults(dir);
    expect(results.counts).toEqual({ total: 2, passed: 2, failed: 0, killed: 0 });
    expect(results.jobs.map(({ full_name }) => full_name)).toEqual(['run', 'build']);
    expect(readdirSync(join(dir, 'scratch', 'build')).sort()).toEqual([
      'build.log',
      'cmd.sh',
      'env_vars',
      'made',
    ]);
    expect(readlinkSync(join(dir, 'scratch', 'passed', 'run'))).toBe(join(dir, 'scratch', 'run'));
  });

  it('ends with 1 and gives every job that did not pass its reason', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'code', cmd: 'exit 3' },
      { full_name: 'signal', cmd: 'kill -SEGV $$' },
      { full_name: 'pattern', cmd: 'echo one; echo ERROR: two', fail_patterns: ['^ERROR'] },
      { full_name: 'silent', cmd: 'true', pass_patterns: ['DONE'] },
      { full_name: 'slow', cmd: 'sleep 1000', timeout_mins: 0.002 },
      { full_name: 'needs', cmd: 'true', deps: ['code'] },
      { full_name: 'needs-that', cmd: 'true', deps: ['needs'] },
      { full_name: 'any', cmd: 'true', deps: ['code', 'ok'], needs_all_dependencies_passing: false },
      { full_name: 'ok', cmd: 'true' },
    ]);
    const { code } = await regatta(dir, 'run', jobs, '--status', 'none');
    expect(code).toBe(1);
    const { jobs: results, exit_code } = readResults(dir);
    expect(exit_code).toBe(1);
    const said = results.map(({ full_name, status, reason }) => [
      full_name,
      status,
      reason?.kind,
      reason?.message,
    ]);
    expect(said).toEqual([
      ['code', 'failed', 'exit-code', 'exit code 3'],
      ['signal', 'failed', 'signal', 'ended by SIGSEGV'],
      ['pattern', 'failed', 'fail-pattern', 'ERROR: two'],
      ['silent', 'failed', 'missing-pass-pattern', 'no line matches /DONE/'],
      ['slow', 'killed', 'timeout', 'ran longer than its limit of 0.002 min'],
      ['needs', 'killed', 'dependency', 'dependency code failed: exit code 3'],
      ['needs-that', 'killed', 'dependency', 'dependency needs was killed because of code: exit code 3'],
      ['any', 'passed', undefined, undefined],
      ['ok', 'passed', undefined, undefined],
    ]);
  });

  it('runs nothing and ends with 0 when there are no jobs', async () => {
    const dir = makeTempDir();
    writeFileSync(join(dir, 'none.json'), '{"jobs": []}');
    const { code, stdout } = await regatta(dir, 'run', 'none.json', '--results', '-');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'regatta.results/1', jobs: [], exit_code: 0 });
  });

  it('reads a list from standard input', async () => {
    const dir = makeTempDir();
    const { code } = await startRegatta(dir, ['run', '-'], '{"full_name":"a","cmd":"true"}\n').ended;
    expect(code).toBe(0);
    expect(readResults(dir).counts.passed).toBe(1);
  });

  it('mixes backends, and writes what it is told where it is told', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'real', cmd: 'true' },
      { full_name: 'sham', cmd: 'no-such-tool', backend: 'fake', fake: { duration_s: 0 }, deps: ['real'] },
    ]);
    const { code } = await regatta(dir, 'run', jobs, '--results', 'r.json', '--junit', 'j.xml', '-mp', '2');
    expect(code).toBe(0);
    const { jobs: results } = JSON.parse(readFileSync(join(dir, 'r.json'), 'utf8')) as ReturnType<
      typeof readResults
    >;
    expect(results.map(({ backend }) => backend)).toEqual(['local', 'fake']);
    expect(readFileSync(join(dir, 'j.xml'), 'utf8')).toContain('<testcase name="sham"');
    expect(readdirSync(join(dir, 'scratch', '.regatta', 'latest')).sort()).toEqual([
      'ends.jsonl',
      'jobs.jsonl',
      'journal.jsonl',
      'junit.xml',
      'lock.1',
      'metrics.json',
      'report.html',
      'results.json',
      'run.json',
      'trace.json',
      'triage.json',
    ]);
  });

  it('simulates a night in no time', async () => {
    const dir = makeTempDir();
    const night = Array.from({ length: 200 }, (_, i) => ({
      full_name: `t${i}`,
      cmd: 'true',
      fake: { duration_s: 3600 },
    }));
    const options = ['--backend', 'fake', '--virtual-clock', '-mp', '10', '--self-check', '--results', '-'];
    const { code, stdout } = await regatta(dir, 'run', writeJobs(dir, night), ...options);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { makespan_s: number }).makespan_s).toBe(20 * 3600);
  });

  it('leaves nothing on disk in a dry run', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'a', cmd: 'touch made' },
      { full_name: 'b', cmd: 'true', deps: ['a'] },
    ]);
    const { code, stdout } = await regatta(dir, 'run', jobs, '-n', '--status', 'none');
    expect(code).toBe(0);
    expect(stdout).toContain('2 jobs: 2 run\nrun  a\nrun  b <- a\n');
    expect(readdirSync(dir)).toEqual(['jobs.jsonl']);
  });

  it('stops after the failures it is told to stop after', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'bad', cmd: 'false' },
      { full_name: 'long', cmd: 'sleep 1000' },
      { full_name: 'later', cmd: 'true', deps: ['long'] },
    ]);
    const { code } = await regatta(dir, 'run', jobs, '--fail-fast', '--status', 'none');
    expect(code).toBe(1);
    expect(readResults(dir).jobs.map(({ reason }) => reason?.message)).toEqual([
      'exit code 1',
      'stopped by --fail-fast after 1 failure',
      'stopped by --fail-fast after 1 failure',
    ]);
  });
});

describe('what a job cannot do to the others', () => {
  it('a job that cannot be launched fails with the reason, alone', async () => {
    const dir = makeTempDir();
    mkdirSync(join(dir, 'a-dir'));
    writeFileSync(join(dir, 'a-file'), '');
    const huge = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`V${i}`, 'x'.repeat(100_000)]));
    const jobs = writeJobs(dir, [
      { full_name: 'huge', cmd: 'true', exports: huge },
      { full_name: 'missing', cmd: 'no-such-tool --help' },
      { full_name: 'log', cmd: 'true', log_path: join(dir, 'a-dir') },
      { full_name: 'odir', cmd: 'true', odir: join(dir, 'a-file', 'x') },
      { full_name: '../../up', cmd: 'true' },
      { full_name: 'new\nline Ü 日', cmd: 'true' },
      { full_name: 'ok', cmd: 'true' },
    ]);
    const { code } = await regatta(dir, 'run', jobs, '--status', 'none');
    expect(code).toBe(1);
    const said = readResults(dir).jobs.map(({ status, reason }) => [status, reason?.kind, reason?.message]);
    expect(said).toEqual([
      ['failed', 'launch-error', expect.stringContaining('(E2BIG)') as string],
      ['failed', 'exit-code', 'exit code 127'],
      ['failed', 'launch-error', `cannot write the log ${join(dir, 'a-dir')}: it is a directory (EISDIR)`],
      [
        'failed',
        'launch-error',
        `cannot make the output directory ${join(dir, 'a-file', 'x')}: a part of the path is not a directory (ENOTDIR)`,
      ],
      ['passed', undefined, undefined],
      ['passed', undefined, undefined],
      ['passed', undefined, undefined],
    ]);
    expect(readdirSync(dir).sort()).toEqual(['a-dir', 'a-file', 'jobs.jsonl', 'scratch']);
  });

  it('results on a full disk are an error that is said, and the run has its own', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
    const { code, stderr } = await regatta(dir, 'run', jobs, '--status', 'none', '--results', '/dev/full');
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'regatta: error: cannot write /dev/full: ENOSPC: no space left on device\n',
    });
    expect(readResults(dir).counts.passed).toBe(1);
  });
});

describe('bad input', () => {
  it.each([
    [
      '{"full_name": "a" "cmd": 1}',
      'jobs.jsonl:1:19: not JSON: expected , or } after the value, found "cmd"',
    ],
    [
      '{"full_name": "a", "cmd": "true", "tiemout_mins": 3}',
      'jobs.jsonl:1:51: job "a" has the unknown field tiemout_mins (did you mean "timeout_mins"?)',
    ],
    [
      '{"full_name": "a", "cmd": " "}',
      'jobs.jsonl:1: job "a" has an empty cmd (use "true" for a job that does nothing)',
    ],
    ['{"full_name": "a", "cmd": "true", "deps": ["a"]}', 'jobs.jsonl:1: job "a" depends on itself'],
    [
      '{"full_name": "a", "cmd": "true", "deps": ["b"]}',
      'jobs.jsonl:1: job "a" depends on the unknown job "b"',
    ],
    [
      '{"full_name": "a", "cmd": "true", "backend": "locl"}',
      'jobs.jsonl:1: job "a" names the unknown backend "locl" (did you mean "local"?)',
    ],
    [
      '{"full_name": "a", "cmd": "true", "fail_patterns": ["(("]}',
      'jobs.jsonl:1: job "a": pattern /((/ is not a regular expression: Unterminated group',
    ],
  ])('%s is one clear message, and nothing is run', async (line, message) => {
    const dir = makeTempDir();
    writeFileSync(join(dir, 'jobs.jsonl'), `${line}\n`);
    expect(await regatta(dir, 'run', 'jobs.jsonl')).toEqual({
      code: 2,
      stdout: '',
      stderr: `regatta: error: ${message}\n`,
    });
    expect(existsSync(join(dir, 'scratch'))).toBe(false);
  });

  it('is reported all together', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'a', cmd: 'true', deps: ['b'], timeout_mins: -1 },
      { full_name: 'b', cmd: 'true', deps: ['a'] },
      { full_name: 'b', cmd: 'a\0b', resources: { vcs: 9 } },
    ]);
    const { code, stderr } = await regatta(dir, 'run', jobs, '-R', 'vcs=2');
    expect(code).toBe(2);
    expect(stderr).toContain('jobs.jsonl:1: job "a" has timeout_mins -1');
    expect(stderr).toContain('jobs.jsonl:1: 2 jobs depend on each other in a cycle: a -> b -> a');
    expect(stderr).toContain('jobs.jsonl:3: there are two jobs named "b"');
    expect(stderr).toContain('jobs.jsonl:3: job "b" has a NUL byte in its cmd');
    expect(stderr).toContain('jobs.jsonl:3: job "b" needs 9 of resource "vcs", of which there are 2');
  });

  it('of other kinds is said as clearly', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
    writeFileSync(join(dir, 'a-file'), '');
    const said = async (...argv: string[]): Promise<string> => {
      const { code, stdout, stderr } = await regatta(dir, 'run', ...argv);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await said('none.jsonl')).toBe('regatta: error: none.jsonl: there is no such file\n');
    expect(await said('jobs.txt')).toContain('cannot tell what "jobs.txt" is by its name');
    expect(await said(jobs, '--backend', 'slrm')).toContain('there is no backend named "slrm"');
    expect(await said(jobs, '--virtual-clock')).toContain('--virtual-clock needs every job to be fake');
    expect(await said(jobs, '--scratch-root', 'a-file')).toContain('cannot write the scratch root');
  });
});
