// What a run leaves and says when all goes as it should, through the real command: files, formats, links, summaries.
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, regatta, startRegatta, writeJobs } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

const QUIET = ['--status', 'none'];
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A run in which jobs end in every way: two pass, two fail, two are killed. */
function writeMixed(dir: string): string {
  return writeJobs(dir, [
    {
      full_name: 'uart:1.smoke',
      name: 'smoke',
      qual_name: '1.smoke',
      cmd: 'echo PASSED',
      deps: ['build'],
      seed: 7,
      job_type: 'RunTest',
      block: { name: 'uart', variant: 'v2' },
      tool: { name: 'icarus', version: '11' },
      pass_patterns: ['^PASSED$'],
    },
    { full_name: 'build', target: 'build', cmd: 'true' },
    {
      full_name: 'wrong',
      cmd: `printf 'fine\\nERROR: <bad> & "worse"\\nnext\\n'`,
      fail_patterns: ['^ERROR'],
    },
    {
      full_name: 'silent',
      cmd: 'echo hello',
      deps: ['wrong', 'build'],
      needs_all_dependencies_passing: false,
      pass_patterns: ['^PASSED$'],
    },
    { full_name: 'all', cmd: 'true', deps: ['build', 'wrong'] },
    { full_name: 'any', cmd: 'true', deps: ['silent', 'wrong'], needs_all_dependencies_passing: false },
  ]);
}

it('makes the folders of the files it is told to leave', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'test -d out/xml', odir: '.' }]);
  const outputs = ['--results', 'out/results.json', '--junit', 'out/xml/junit.xml'];
  expect(await regatta(dir, 'run', jobs, ...outputs, ...QUIET)).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(join(dir, 'out'))).toEqual(['results.json', 'xml']);
  expect(readdirSync(join(dir, 'out', 'xml'))).toEqual(['junit.xml']);
});

describe('results.json', () => {
  it('has the documented fields in their order, and jobs as they were declared', async () => {
    const dir = makeTempDir();
    const { code, stdout, stderr } = await regatta(dir, 'run', writeMixed(dir), '--results', '-', ...QUIET);
    expect(code).toBe(1);
    // Standard output is the file and nothing else; the summary has gone to the other stream.
    expect(stderr).toMatch(
      /^6 jobs in \S+: 2 passed, 2 failed, 2 killed \(2 because of a dependency\)\n\n(.*\n)*\/.*\/report\.html\n$/,
    );
    expect(stdout).toBe(readFileSync(join(dir, 'scratch/.regatta/latest/results.json'), 'utf8'));
    const results = JSON.parse(stdout) as Record<string, unknown> & { jobs: Record<string, unknown>[] };
    expect(Object.keys(results)).toEqual(
      'schema run_id started_at ended_at exit_code makespan_s counts jobs buckets'.split(' '),
    );
    expect(results).toMatchObject({
      schema: 'regatta.results/1',
      run_id: readlinkSync(join(dir, 'scratch/.regatta/latest')),
      started_at: expect.stringMatching(ISO_TIME) as string,
      ended_at: expect.stringMatching(ISO_TIME) as string,
      exit_code: 1,
      counts: { total: 6, passed: 2, failed: 2, killed: 2 },
    });
    expect(results.jobs.map(({ full_name, status }) => [full_name, status])).toEqual([
      ['uart:1.smoke', 'passed'],
      ['build', 'passed'],
      ['wrong', 'failed'],
      ['silent', 'failed'],
      ['all', 'killed'],
      ['any', 'killed'],
    ]);
    const fields = (
      'full_name name qual_name target job_type block tool backend seed status reason attempts exit_code signal ' +
      'queued_s job_runtime_s simulated_time_us started_at ended_at odir log_path'
    ).split(' ');
    for (const job of results.jobs) expect(Object.keys(job).slice(0, fields.length)).toEqual(fields);
  });

  it('tells of a job what it was, how it ended, and when', async () => {
    const dir = makeTempDir();
    await regatta(dir, 'run', writeMixed(dir), ...QUIET);
    const [smoke, , wrong, silent, all, any] = readResults(dir).jobs;
    const odir = join(dir, 'scratch', '1.smoke');
    expect(smoke).toEqual({
      full_name: 'uart:1.smoke',
      name: 'smoke',
      qual_name: '1.smoke',
      target: 'run',
      job_type: 'RunTest',
      block: 'uart/v2',
      tool: 'icarus',
      backend: 'local',
      seed: 7,
      status: 'passed',
      reason: null,
      attempts: 1,
      exit_code: 0,
      signal: null,
      queued_s: expect.any(Number) as number,
      job_runtime_s: expect.any(Number) as number,
      simulated_time_us: null,
      started_at: expect.stringMatching(ISO_TIME) as string,
      ended_at: expect.stringMatching(ISO_TIME) as string,
      odir,
      log_path: join(odir, 'run.log'),
      cpu_s: expect.any(Number) as number,
    });
    expect(wrong?.reason).toEqual({
      kind: 'fail-pattern',
      message: 'ERROR: <bad> & "worse"',
      pattern: '^ERROR',
      line: 2,
      context: ['next'],
    });
    expect(silent?.reason).toEqual({
      kind: 'missing-pass-pattern',
      message: 'no line matches /^PASSED$/',
      patterns: ['^PASSED$'],
      context: ['hello'],
    });
    expect(all).toMatchObject({ attempts: 0, exit_code: null, job_runtime_s: null, started_at: null });
    expect(all?.reason).toMatchObject({ kind: 'dependency', job: 'wrong', culprit: 'wrong' });
    expect(all?.reason?.message).toBe('dependency wrong failed: ERROR: <bad> & "worse"');
    // Of those it needs any of, the last one decides.
    expect(any?.reason?.message).toBe('dependency silent failed: no line matches /^PASSED$/');
  });
});

it('the run directory has its files, and latest points at the last run', async () => {
  const dir = makeTempDir();
  const jobs = writeMixed(dir);
  await regatta(dir, 'run', jobs, ...QUIET);
  const first = readlinkSync(join(dir, 'scratch/.regatta/latest'));
  await regatta(dir, 'run', jobs, '-mp', '3', '-R', 'L=2', ...QUIET);
  const root = join(dir, 'scratch/.regatta');
  const second = readlinkSync(join(root, 'latest'));
  expect(readdirSync(root).sort()).toEqual([...new Set([first, second]), 'history.sqlite', 'latest'].sort());
  expect(readdirSync(root)).toHaveLength(4);
  expect(readdirSync(join(root, second)).sort()).toEqual([
    'ends.jsonl',
    'jobs.jsonl',
    'journal.jsonl',
    'junit.xml',
    'lock.1',
    'metrics.json',
    'report.html',
    'results.json',
    'run.json',
    'shared',
    'trace.json',
    'triage.json',
  ]);
  expect(JSON.parse(readFileSync(join(root, second, 'run.json'), 'utf8'))).toMatchObject({
    schema: 'regatta.run/1',
    run_id: second,
    cwd: dir,
    command: ['run', 'jobs.jsonl', '-mp', '3', '-R', 'L=2', ...QUIET],
    input: 'jobs.jsonl',
    scratch_root: join(dir, 'scratch'),
    jobs: 6,
    max_parallel: 3,
    resources: { L: 2 },
    default_backend: 'local',
  });
  const { traceEvents } = JSON.parse(readFileSync(join(root, second, 'trace.json'), 'utf8')) as {
    readonly traceEvents: readonly { readonly ph: string; readonly name: string }[];
  };
  // Every job that was started is drawn, short as it was.
  const drawn = traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name);
  expect(drawn.sort()).toEqual(['build', 'silent', 'uart:1.smoke', 'wrong']);
});

it('--junit writes what CI systems read, with nothing of a log left unescaped', async () => {
  const dir = makeTempDir();
  await regatta(dir, 'run', writeMixed(dir), '--junit', 'junit.xml', ...QUIET);
  const text = readFileSync(join(dir, 'junit.xml'), 'utf8');
  expect(text).toBe(readFileSync(join(dir, 'scratch/.regatta/latest/junit.xml'), 'utf8'));
  expect(text).toMatch(/<testsuites name="\S+" tests="6" failures="2" errors="0" time="[\d.]+">/);
  const cases = [...text.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)];
  expect(cases.map(([, name, className]) => [name, className]).sort()).toEqual([
    ['all', 'run'],
    ['any', 'run'],
    ['build', 'build'],
    ['silent', 'run'],
    ['uart:1.smoke', 'uart/v2.run'],
    ['wrong', 'run'],
  ]);
  expect(text).toContain(
    '<failure message="ERROR: &lt;bad&gt; &amp; &quot;worse&quot;" type="fail-pattern">',
  );
  expect(text).not.toContain('<bad>');
});

it('links of each status point at the output directories of the last run', async () => {
  const dir = makeTempDir();
  await regatta(dir, 'run', writeMixed(dir), ...QUIET);
  const scratch = join(dir, 'scratch');
  const links = ['running', 'passed', 'failed', 'killed'].flatMap((status) =>
    readdirSync(join(scratch, status)).map((name) => [
      status,
      name,
      readlinkSync(join(scratch, status, name)),
    ]),
  );
  expect(links).toEqual([
    ['passed', '1.smoke', join(scratch, '1.smoke')],
    ['passed', 'build', join(scratch, 'build')],
    ['failed', 'silent', join(scratch, 'silent')],
    ['failed', 'wrong', join(scratch, 'wrong')],
  ]);
});

it('plain status says what fails and when a target is done', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [
    { full_name: 'build', target: 'build', cmd: 'true' },
    { full_name: 'bad', cmd: 'exit 4', deps: ['build'] },
    { full_name: 'next', cmd: 'true', deps: ['bad'] },
  ]);
  const { stderr } = await regatta(dir, 'run', jobs, '--status', 'plain');
  expect(
    stderr
      .replaceAll(/\d+s\b/g, 'Ns')
      .replaceAll(dir, 'DIR')
      .split('\n'),
  ).toEqual([
    '[Ns] build: done S 0 Q 0 R 0 P 1 F 0 K 0 T 1, took Ns',
    'FAILED run bad: exit code 4 (DIR/scratch/bad/run.log)',
    '[Ns] run: done S 0 Q 0 R 0 P 0 F 1 K 1 T 2, took Ns',
    '',
  ]);
});

describe('output directories', () => {
  it('that are renewed keep the old ones, as many as wanted', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'renews', cmd: 'test ! -e made && echo "$TURN" > made', renew_odir: true },
      { full_name: 'renews-not', cmd: 'echo x >> made' },
    ]);
    for (let turn = 0; turn < 4; turn++) {
      expect((await regatta(dir, 'run', jobs, '--max-odirs', '3', ...QUIET)).code).toBe(0);
    }
    const scratch = join(dir, 'scratch');
    const places = readdirSync(scratch).filter((name) => name.startsWith('renews'));
    expect(places).toHaveLength(4);
    expect(places.filter((name) => /^renews_\d{8}_\d{6}(_\d+)?$/.test(name))).toHaveLength(2);
    expect(readFileSync(join(scratch, 'renews-not/made'), 'utf8')).toBe('x\nx\nx\nx\n');
  });
});

/** A job that fails when another one of its kind runs at the same time. */
const alone = 'mkdir ../../lock && sleep 0.03 && rmdir ../../lock';
const names = ['a', 'b', 'c', 'd', 'e'];

describe('limits', () => {
  it('-mp 1 and -R L=1 keep jobs apart', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(
      dir,
      names.map((name) => ({ full_name: name, cmd: alone, resources: { L: 1 } })),
    );
    expect((await regatta(dir, 'run', jobs, '-R', 'L=1', ...QUIET)).code).toBe(0);
    expect((await regatta(dir, 'run', jobs, '-mp', '1', ...QUIET)).code).toBe(0);
  });

  it('a resource that nobody limits is no limit, and is mentioned where that is wanted', async () => {
    const dir = makeTempDir();
    const meet = (mine: string, other: string): object => ({
      full_name: mine,
      cmd: `: > ../${mine}.here; until [ -e ../${other}.here ]; do sleep 0.01; done`,
      resources: { L: 1 },
      timeout_mins: 0.3,
    });
    const jobs = writeJobs(dir, [meet('a', 'b'), meet('b', 'a')]);
    const warn = await regatta(dir, 'run', jobs, '--on-missing-resource', 'warn', ...QUIET);
    expect({ code: warn.code, stderr: warn.stderr }).toEqual({
      code: 0,
      stderr:
        'regatta: warning: job "a" uses resource "L", which has no limit (give it one: --resource L=N)\n',
    });
    const ignore = await regatta(dir, 'run', jobs, ...QUIET);
    expect({ code: ignore.code, stderr: ignore.stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('DVSim options on a job list', () => {
  it('mean what they mean, or are said to mean nothing', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
    const options = [
      '-mp=2',
      '-sr',
      'elsewhere',
      '-pi',
      '5',
      '-i',
      'smoke',
      '--tool',
      'vcs',
      '--reseed',
      '3',
      '--no-rerun',
    ];
    const { code, stderr } = await regatta(dir, 'run', jobs, ...options, ...QUIET);
    const idle = (option: string): string =>
      `regatta: warning: ${option} has no effect: the input is a job list, not a flow config\n`;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: ['--items', '--tool', '--no-rerun', '--reseed'].map(idle).join(''),
    });
    expect(readdirSync(dir).sort()).toEqual(['elsewhere', 'jobs.jsonl']);
    const silent = await regatta(dir, 'run', jobs, '-i', 'x', '--log-level', 'error', '--fake', ...QUIET);
    expect({ code: silent.code, stderr: silent.stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('regatta graph', () => {
  it('shows the jobs as text, dot and mermaid, and runs nothing', async () => {
    const dir = makeTempDir();
    const jobs = writeJobs(dir, [
      { full_name: 'b"<i>', cmd: 'touch ran', target: 'build' },
      { full_name: 'r', cmd: 'true', deps: ['b"<i>'] },
    ]);
    const show = async (...options: string[]): Promise<string> => {
      const { code, stdout, stderr } = await regatta(dir, 'graph', jobs, ...options);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    };
    expect(await show()).toBe('2 jobs: 1 build, 1 run\nbuild  b"<i>\nrun    r <- b"<i>\n');
    expect(await show('--format', 'dot')).toBe(
      'digraph regatta {\n  rankdir=LR;\n  node [shape=box];\n  j0 [label="b\\"<i>"];\n  j1 [label="r"];\n  j0 -> j1;\n}\n',
    );
    expect(await show('--format', 'mermaid')).toBe(
      'flowchart LR\n  j0["b#34;#60;i#62;"]\n  j1["r"]\n  j0 --> j1\n',
    );
    expect(readdirSync(dir)).toEqual(['jobs.jsonl']);
  });

  it('shows a job list that runs the same', async () => {
    const dir = makeTempDir();
    const jobs = writeMixed(dir);
    const { stdout } = await regatta(dir, 'graph', jobs, '--format', 'json');
    const other = join(dir, 'other');
    mkdirSync(other);
    expect((await startRegatta(other, ['run', '-', ...QUIET], stdout).ended).code).toBe(1);
    await regatta(dir, 'run', jobs, ...QUIET);
    const fates = (where: string): unknown[] =>
      readResults(where).jobs.map(({ full_name, status, reason, log_path }) => ({
        full_name,
        status,
        reason,
        log_path,
      }));
    expect(fates(other)).toEqual(fates(dir));
    // And its graph is the same again.
    const again = await startRegatta(other, ['graph', '-', '--format', 'json'], stdout).ended;
    expect(again.stdout).toBe(stdout);
  });
});

it('regatta list shows the jobs of each target', async () => {
  const dir = makeTempDir();
  expect(await regatta(dir, 'list', writeMixed(dir))).toEqual({
    code: 0,
    stdout: 'run:\n  uart:1.smoke\n  wrong\n  silent\n  all\n  any\nbuild:\n  build\n',
    stderr: '',
  });
  expect(existsSync(join(dir, 'scratch'))).toBe(false);
});

it('a document on standard input is told from lines', async () => {
  const dir = makeTempDir();
  const text = '{"jobs": [{"name": "a", "cmd": "true"},\n {"id": "b", "cmd": "true"}]}';
  expect((await startRegatta(dir, ['run', '-', ...QUIET], text).ended).code).toBe(0);
  expect(readResults(dir).jobs.map(({ full_name }) => full_name)).toEqual(['a', 'b']);
});

it('--fail-fast 2 lets one failure pass', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [
    { full_name: 'first', cmd: 'false' },
    { full_name: 'fine', cmd: 'true', deps: ['first', 'fine-too'], needs_all_dependencies_passing: false },
    { full_name: 'fine-too', cmd: 'true' },
    { full_name: 'second', cmd: 'false', deps: ['fine'] },
    { full_name: 'long', cmd: 'sleep 1000' },
  ]);
  expect((await regatta(dir, 'run', jobs, '--fail-fast', '2', ...QUIET)).code).toBe(1);
  expect(readResults(dir).jobs.map(({ status, reason }) => [status, reason?.message])).toEqual([
    ['failed', 'exit code 1'],
    ['passed', undefined],
    ['passed', undefined],
    ['failed', 'exit code 1'],
    ['killed', 'stopped by --fail-fast after 2 failures'],
  ]);
});
