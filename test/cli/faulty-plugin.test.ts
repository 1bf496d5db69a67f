// Engines of plugins whose functions fail in the middle of a real run: jobs get reasons, people are told once, and the run ends.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  readResults,
  regatta,
  regattaAfter,
  startRegatta,
  writeJobs,
  type Ended,
} from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { fromRepoRoot } from '../support/repo-root.js';

/** Of all tests of the file: which of those that run at once has ended is not known when a folder is made. */
let root = '';
let folders = 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'regatta-test-'));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
});

function makeFolder(): string {
  const dir = join(root, String(++folders));
  mkdirSync(dir);
  return dir;
}

/** A plugin with the engine `odd`: fake commands of LSF, with some of the description replaced. */
class FaultySite {
  readonly dir = makeFolder();
  readonly cluster = join(this.dir, 'cluster');

  constructor(members: string) {
    mkdirSync(this.cluster);
    const lsf = JSON.stringify(fromRepoRoot('dist/backends/index.js'));
    const text = `import { LSF } from ${lsf};\nexport default { ...LSF, name: 'odd', title: 'the odd one', ${members} };\n`;
    writeFileSync(join(this.dir, 'odd.mjs'), text);
  }

  run(jobs: readonly object[], ...options: readonly string[]): Promise<Ended> {
    const list = writeJobs(this.dir, jobs);
    return this.regatta(
      ...[
        'run',
        list,
        '--plugin',
        './odd.mjs',
        '--backend',
        'odd',
        '--status',
        'none',
        '--kill-grace',
        '0.2',
      ],
      ...options,
    );
  }

  regatta(...argv: readonly string[]): Promise<Ended> {
    const path = `${fromRepoRoot('test/backends/batch/fakes/lsf')}${delimiter}$PATH`;
    return regattaAfter(this.dir, `export PATH="${path}" FAKE_CLUSTER='${this.cluster}'`, ...argv);
  }

  /** What became of each job. */
  fates(): Record<string, string> {
    return Object.fromEntries(
      readResults(this.dir).jobs.map(({ full_name: name, status, reason }) => [
        name,
        reason === null ? status : `${status}: ${reason.kind}: ${reason.message}`,
      ]),
    );
  }

  /** Jobs that the engine was given. */
  get submitted(): number {
    return readdirSync(this.cluster).length;
  }
}

const TWO = [
  { full_name: 'on-odd', cmd: 'true' },
  { full_name: 'bad-on-odd', cmd: 'exit 3' },
  { full_name: 'here', cmd: 'true', backend: 'local' },
];
const FINE = { 'on-odd': 'passed', 'bad-on-odd': 'failed: exit-code: exit code 3', here: 'passed' };

/** Lines that warn, without what leads them. */
const warningsOf = (stderr: string): string[] =>
  stderr.split('\n').flatMap((line) => /^regatta: warning: (.*)$/.exec(line)?.[1] ?? []);

it.concurrent.each([
  ['throws', `submit() { throw new Error('boom'); }`, 'failed: boom'],
  ['gives garbage', `submit() { return { command: 'csub' }; }`, 'gave no valid answer: command: '],
  ['fails later', `async submit() { throw new Error('boom'); }`, 'gave no valid answer: a promise, '],
  ['never answers', `submit() { return new Promise(() => {}); }`, 'gave no valid answer: a promise, '],
])('submit that %s fails the jobs of the engine, with its words', async (_, members, words) => {
  const site = new FaultySite(members);
  const { code, stderr } = await site.run(TWO);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const refused = expect.stringContaining(
    `failed: launch-error: cannot submit the job: submit of engine odd ${words}`,
  ) as string;
  expect(site.fates()).toEqual({ 'on-odd': refused, 'bad-on-odd': refused, here: 'passed' });
  expect(site.submitted).toBe(0);
});

it.concurrent.each([
  [
    'readQuery that throws',
    `readQuery() { throw new Error('boom'); }`,
    'readQuery of engine odd failed: boom',
  ],
  [
    'query that never answers',
    `query() { return new Promise(() => {}); }`,
    'query of engine odd gave no valid answer: ',
  ],
])('%s leaves jobs to their records', async (_, members, words) => {
  const site = new FaultySite(members);
  const { code, stderr } = await site.run(TWO);
  expect(code).toBe(1);
  expect(site.fates()).toEqual(FINE);
  const [watched, left, ...others] = warningsOf(stderr);
  expect(watched).toContain(`jobs on the odd one are watched by their records alone: ${words}`);
  expect(left).toContain(`could not see whether anything is left in the queue of the odd one: ${words}`);
  expect(others).toEqual([]);
});

const UNREADABLE = `readSubmit: async () => { throw new Error('boom'); }, readQuery() { return 'nothing'; }`;

it.concurrent('a submission whose answer cannot be read, nor the queue, is a reason', async () => {
  const site = new FaultySite(`submit: () => ({ command: { program: 'true', args: [] } }), ${UNREADABLE}`);
  const { code } = await site.run(TWO);
  expect(code).toBe(1);
  const words = [
    /^failed: launch-error: readSubmit of engine odd gave no valid answer: a promise, and it must answer at once; /,
    /; nor can it be looked for: readQuery of engine odd gave no valid answer: /,
  ];
  const { here, ...others } = site.fates();
  expect(here).toBe('passed');
  for (const fate of Object.values(others)) for (const word of words) expect(fate).toMatch(word);
});

it.concurrent('unless its jobs have left records: those are believed', async () => {
  const site = new FaultySite(UNREADABLE);
  expect((await site.run(TWO)).code).toBe(1);
  expect(site.fates()).toEqual(FINE);
});

it.concurrent('a submission that cannot be read is found by its name', async () => {
  const site = new FaultySite(`readSubmit() { throw new Error('boom'); }`);
  const { code, stderr } = await site.run(TWO);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(site.fates()).toEqual(FINE);
});

it.concurrent('readProbe that throws is an engine that does not answer yet', async () => {
  const site = new FaultySite(`readProbe() { throw new Error('boom'); }`);
  const { code, stderr } = await site.run(TWO);
  expect(code).toBe(1);
  expect(site.fates()).toEqual(FINE);
  expect(warningsOf(stderr)).toEqual([
    'the odd one does not answer, its jobs are waited for: readProbe of engine odd failed: boom',
  ]);
});

it.concurrent('askToEnd that throws: jobs are ended by force', async () => {
  const site = new FaultySite(`askToEnd() { throw new Error('boom'); }`);
  const { code, stderr } = await site.run([{ full_name: 'long', cmd: 'sleep 30', timeout_mins: 0.02 }]);
  expect(code).toBe(1);
  expect(site.fates()).toEqual({ long: 'killed: timeout: ran longer than its limit of 0.02 min' });
  expect(warningsOf(stderr)).toEqual([
    'jobs on the odd one cannot be ended: askToEnd of engine odd failed: boom',
  ]);
});

/** A backend that takes jobs and says nothing ever after. */
const MUTE = `export default { name: 'mute', create: () => ({
  name: 'mute', open: async () => {}, submit: () => new Promise(() => {}), adopt: async () => [], kill: async () => {}, close: async () => {},
}) };`;

it.concurrent('a backend that never answers, and holds nothing open, is no end of the run', async () => {
  const dir = makeFolder();
  writeFileSync(join(dir, 'mute.mjs'), MUTE);
  const list = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const words = ['run', list, '--plugin', './mute.mjs', '--backend', 'mute', '--status', 'none'];
  const { child, ended } = startRegatta(dir, words);
  const journal = join(dir, 'scratch/.regatta/latest/journal.jsonl');
  try {
    await eventually(
      'the job to be submitted',
      () => existsSync(journal) && readFileSync(journal, 'utf8').includes('"do":"submit"'),
    );
    const { stdout } = await regatta(dir, 'status');
    expect(stdout).toContain(`driven by process ${child.pid ?? NaN} on `);
  } finally {
    child.kill('SIGKILL');
  }
  expect((await ended).code).toBeNull();
});

/** A backend that takes jobs, and fails on its own some time after, where nobody listens. */
const runningWild = (how: string): string => `let sink;
export default { name: 'wild', create: () => ({
  name: 'wild',
  open: async (given) => { sink = given; },
  submit: async (batch) => {
    ${how};
    return batch.map(() => ({ kind: 'accepted' }));
  },
  adopt: async () => [],
  kill: async (requests) => sink.ended(requests.map(({ job, attempt }) => ({ job, attempt, end: { kind: 'signalled', signal: 'SIGTERM' } }))),
  close: async () => {},
}) };`;

it.concurrent.each([
  ['throws in a timer', `setTimeout(() => { throw new Error('wild'); })`],
  ['drops a promise that fails', `void Promise.reject(new Error('wild'))`],
  ['throws again and again', `setInterval(() => { throw new Error('wild'); }, 1)`],
])('a backend that %s, where nobody catches it, ends the run in order', async (_, how) => {
  const dir = makeFolder();
  writeFileSync(join(dir, 'wild.mjs'), runningWild(how));
  const list = writeJobs(dir, [
    { full_name: 'there', cmd: 'true', backend: 'wild' },
    { full_name: 'here', cmd: 'sleep 600' },
  ]);
  const words = ['run', list, '--plugin', './wild.mjs', '--status', 'none', '--kill-grace', '0.1'];
  const { code, stderr } = await regatta(dir, ...words);
  expect(code).toBe(1);
  const [first, ...others] = stderr.split('\n').filter((line) => line.includes('error'));
  expect(first).toMatch(
    /^regatta: error: nobody caught "wild", thrown at .*wild\.mjs.*; the run is stopped$/,
  );
  expect(others).toEqual([]);
  for (const { status, reason } of readResults(dir).jobs) {
    expect({ status, kind: reason?.kind }).toEqual({ status: 'killed', kind: 'stopped' });
    expect(reason?.message).toContain('nobody caught "wild"');
  }
});

it.concurrent.each(['run', 'graph'])(
  'what a plugin throws before anything is run ends %s with one line',
  async (command) => {
    const dir = makeFolder();
    writeFileSync(
      join(dir, 'wild.mjs'),
      `setImmediate(() => { throw new Error('wild'); });\nexport default { name: 'wild', create() {} };`,
    );
    const list = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
    const { code, stdout, stderr } = await regatta(dir, command, list, '--plugin', './wild.mjs');
    expect(stderr).toMatch(/^regatta: error: nobody caught "wild", thrown at .*wild\.mjs:1:\d+\)?\n$/);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  },
);

it.concurrent('a plugin that ends the process while it is loaded is no success', async () => {
  const dir = makeFolder();
  writeFileSync(join(dir, 'mute.mjs'), `process.exit(0);\nexport default { name: 'mute', create() {} };`);
  const list = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const { code, stdout, stderr } = await regatta(dir, 'run', list, '--plugin', './mute.mjs');
  expect(stderr).toMatch(/^regatta: error: the process ended before its work was done \(.*\)\n$/);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
});

it.concurrent('a backend that holds on to a timer does not keep the process from its end', async () => {
  const dir = makeFolder();
  writeFileSync(
    join(dir, 'wild.mjs'),
    runningWild(`setInterval(() => undefined, 1000);
    setImmediate(() => sink.ended(batch.map(({ job, attempt }) => ({ job, attempt, end: { kind: 'exited', exitCode: 0 } }))))`),
  );
  const list = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const words = ['run', list, '--plugin', './wild.mjs', '--backend', 'wild', '--status', 'none'];
  const { code, stderr } = await regatta(dir, ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it.concurrent('the check of an option that throws is bad usage', async () => {
  const site = new FaultySite(`options: { pool: { help: 'p', check() { throw new Error('boom'); } } }`);
  const { code, stderr } = await site.run(TWO, '--backend-opt', 'odd.pool=a');
  expect(code).toBe(2);
  expect(stderr).toBe(
    'regatta: error: option odd.pool cannot be checked (check of engine odd failed: boom), not "a"\n',
  );
  expect(existsSync(join(site.dir, 'scratch'))).toBe(false);
});
