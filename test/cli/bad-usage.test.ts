// Command lines that cannot be taken: one clear line for each mistake, exit code 2, and nothing on disk.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regatta, regattaAfter, startRegatta, writeJobs, type Ended } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

const HELP = '(regatta --help lists commands, regatta COMMAND --help options)';

/** A folder with a good job list `jobs.jsonl` in it. */
function makeProject(): string {
  const dir = makeTempDir();
  writeJobs(dir, [{ full_name: 'a', cmd: 'touch ../ran' }]);
  return dir;
}

function refusal(...messages: readonly string[]): Ended {
  return {
    code: 2,
    stdout: '',
    stderr: messages.map((message) => `regatta: error: ${message}\n`).join(''),
  };
}

it.each([
  ['', `no command given ${HELP}`],
  ['rnu jobs.jsonl', `unknown command 'rnu'; did you mean run? ${HELP}`],
  ['run', `missing required argument 'input' ${HELP}`],
  ['run jobs.jsonl more', `too many arguments for 'run'. Expected 1 argument but got 2. ${HELP}`],
  [
    'run jobs.jsonl --max-parralel 3',
    `unknown option '--max-parralel'; did you mean --max-parallel? ${HELP}`,
  ],
  [
    'run uart.hjson --publish',
    "DVSim's option --publish is not taken over (leave it out: make the report with regatta report, and copy it to where it is wanted)",
  ],
  [
    'run uart.hjson --log-file=x.log',
    "DVSim's option --log-file is not taken over (leave it out: send the messages to a file with 2> FILE)",
  ],
  ['run jobs.jsonl --max-parallel', `option '--max-parallel <N>' argument missing ${HELP}`],
  ['run jobs.jsonl --max-parallel 0', '--max-parallel must be a whole number >= 1, not "0"'],
  ['run jobs.jsonl --max-parallel NaN', '--max-parallel must be a whole number >= 1, not "NaN"'],
  ['run jobs.jsonl -mp -1', '--max-parallel must be a whole number >= 1, not "-1"'],
  ['run jobs.jsonl -mp=1e3', '--max-parallel must be a whole number >= 1, not "1e3"'],
  ['help rnu', `unknown command 'rnu' ${HELP}`],
  ['run jobs.jsonl --kill-grace 1e400', '--kill-grace must be a number > 0, not "1e400"'],
  ['run jobs.jsonl --results .', '--results "." cannot be written: it is a directory (name another place)'],
  [
    'run jobs.jsonl --junit jobs.jsonl/xml/junit.xml',
    '--junit "jobs.jsonl/xml/junit.xml" cannot be written: ENOTDIR: not a directory (name another place)',
  ],
  [
    'run jobs.jsonl --backend slurm --fake',
    '--backend and --fake name two backends, slurm and fake (give one of them)',
  ],
  [
    'graph jobs.jsonl --local --fake',
    '--fake and --local name two backends, fake and local (give one of them)',
  ],
  ['run jobs.jsonl --max-odirs 0', '--max-odirs must be a whole number >= 1, not "0"'],
  ['run jobs.jsonl --print-interval 0', '--print-interval must be a number > 0, not "0"'],
  ['run jobs.jsonl --kill-grace soon', '--kill-grace must be a number > 0, not "soon"'],
  ['run jobs.jsonl --infra-retries -1', '--infra-retries must be a whole number >= 0, not "-1"'],
  ['run jobs.jsonl --fail-fast 0', '--fail-fast must be a whole number >= 1, not "0"'],
  ['run jobs.jsonl --fake-seed 1.5', '--fake-seed must be a whole number >= 0, not "1.5"'],
  ['run jobs.jsonl --scratch-root=', '--scratch-root must be a path, not ""'],
  ['run jobs.jsonl --history=', '--history must be a path, not ""'],
  ['report --output=', '--output must be a path, not ""'],
  [
    'run jobs.jsonl --junit x.out --results ./x.out',
    '--results and --junit both name "x.out" (each needs a file of its own)',
  ],
  [
    'run jobs.jsonl --results - --prometheus /dev/stdout',
    '--results and --prometheus both name "/dev/stdout" (each needs a file of its own)',
  ],
  ['run jobs.jsonl --status fancy', '--status must be one of auto, tty, plain, none, not "fancy"'],
  [
    'run jobs.jsonl --log-level warm',
    '--log-level must be one of error, warn, info, debug, not "warm" (did you mean warn?)',
  ],
  [
    'run jobs.jsonl --on-missing-resource warm',
    '--on-missing-resource must be one of ignore, warn, error, not "warm" (did you mean warn?)',
  ],
  ['run jobs.jsonl --on-head-death x', '--on-head-death must be one of kill, keep, not "x"'],
  ['run jobs.jsonl --backend fak', 'there is no backend named "fak" (did you mean "fake"?)'],
  [
    'run jobs.jsonl --backend cloud',
    'there is no backend named "cloud" (known: local, fake, slurm, sge, lsf, pbs, htcondor, nc)',
  ],
  [
    'run jobs.jsonl --backend-opt partition=night',
    '--backend-opt must be BACKEND.OPTION=VALUE, not "partition=night" (for example slurm.partition=night)',
  ],
  ['run jobs.jsonl --backend-opt slrum.qos=x', 'there is no backend named "slrum" (did you mean "slurm"?)'],
  [
    'run jobs.jsonl --backend-opt slurm.partitoin=night',
    'option slurm.partitoin is not known (did you mean "partition"?)',
  ],
  [
    'run jobs.jsonl --backend-opt slurm.memory=lots',
    'option slurm.memory must be an amount of memory: 512M, 4G, not "lots"',
  ],
  [
    'graph jobs.jsonl --format dott',
    '--format must be one of text, json, dot, mermaid, not "dott" (did you mean dot?)',
  ],
  [
    'list jobs.jsonl tests',
    'a job list has no categories: all its jobs are listed (leave out what follows INPUT)',
  ],
])('regatta %s', async (line, message) => {
  const dir = makeProject();
  expect(await regatta(dir, ...line.split(' ').filter((word) => word !== ''))).toEqual(refusal(message));
  expect(readdirSync(dir)).toEqual(['jobs.jsonl']);
});

it('names every bad resource', async () => {
  const dir = makeProject();
  const must = '--resource must be NAME=N with a whole number N >= 0, not';
  expect(await regatta(dir, 'run', 'jobs.jsonl', '-R', 'a=-1', '-R', 'b', '-R', '=3', '-R', 'ok=2')).toEqual(
    refusal(`${must} "a=-1"`, `${must} "b"`, `${must} "=3"`),
  );
  expect(readdirSync(dir)).toEqual(['jobs.jsonl']);
});

it('does not guess what DVSIM_MAX_PARALLEL means', async () => {
  const dir = makeProject();
  const { code, stdout, stderr } = await regattaAfter(
    dir,
    'export DVSIM_MAX_PARALLEL=lots',
    'run',
    'jobs.jsonl',
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    /^regatta: error: the environment variable DVSIM_MAX_PARALLEL must be a whole number >= 1, not "lots" \(.*\)\n$/,
  );
  expect(readdirSync(dir)).toEqual(['jobs.jsonl']);
});

describe('an INPUT that cannot be read', () => {
  it.each([
    ['none.json', 'none.json: there is no such file'],
    ['folder.json', 'folder.json: this is a directory, not a job list'],
    ['loop.json', 'loop.json: this file cannot be read: ELOOP: too many symbolic links encountered, open'],
    ['memory.json', 'memory.json: this file cannot be read: EIO: i/o error, read'],
    [
      'jobs.txt',
      'cannot tell what "jobs.txt" is by its name (a flow config ends in .hjson, a job list in .json or .jsonl; - reads a job list from standard input)',
    ],
    ['none.hjson', 'none.hjson: no such file'],
  ])('%s', async (input, message) => {
    const dir = makeTempDir();
    mkdirSync(join(dir, 'folder.json'));
    symlinkSync('loop.json', join(dir, 'loop.json'));
    // Its first bytes are mapped nowhere: it opens, and cannot be read, whoever asks.
    symlinkSync('/proc/self/mem', join(dir, 'memory.json'));
    const before = readdirSync(dir);
    const { code, stdout, stderr } = await regatta(dir, 'run', input);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.replaceAll(`${dir}/`, '').replace(" 'loop.json'", '')).toBe(`regatta: error: ${message}\n`);
    expect(readdirSync(dir)).toEqual(before);
  });

  it('standard input', async () => {
    const dir = makeTempDir();
    const { ended } = startRegatta(dir, ['run', '-'], '{"jobs": [\n  {"name": "a", "cmd": "true"]}\n');
    expect(await ended).toEqual(refusal('<stdin>:2:30: not JSON: expected , or } after the value, found ]'));
    expect(readdirSync(dir)).toEqual([]);
  });
});

it.each(['run jobs.jsonl', 'graph jobs.jsonl', 'list uart.hjson', 'status'])(
  'regatta %s in a working directory that is gone',
  async (line) => {
    const prelude = 'mkdir gone && cd gone && rmdir ../gone';
    expect(await regattaAfter(makeTempDir(), prelude, ...line.split(' '))).toEqual(
      refusal('the working directory is gone (change to one that is there)'),
    );
  },
);

it('a scratch root below a file', async () => {
  const dir = makeProject();
  writeFileSync(join(dir, 'file'), 'text');
  const { code, stdout, stderr } = await regatta(dir, 'run', 'jobs.jsonl', '-sr', 'file/below');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^regatta: error: cannot write the scratch root \/.*\/file\/below: ENOTDIR: .*\n$/);
  expect(stderr).toContain('(choose another one with --scratch-root)');
  expect(readdirSync(dir)).toEqual(['file', 'jobs.jsonl']);
});
