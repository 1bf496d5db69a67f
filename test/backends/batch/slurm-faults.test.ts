// The batch backend when things go wrong on a real Slurm: daemons that die, jobs that others end, hostile jobs, a dead head.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect } from 'vitest';
import type { Submission } from '../../../src/model/backend.js';
import { InterruptedRun } from '../../cli/interrupted-run.js';
import { eventually } from '../../support/eventually.js';
import { BatchRun } from './batch-run.js';
import { useSlurm } from './slurm-cluster.js';

const ownDir = mkdtempSync(join(tmpdir(), 'regatta-prolog-'));
const prolog = join(ownDir, 'prolog');
/** While this file is there, the prolog fails on the second node, and nothing can be launched on it. */
const failing = join(ownDir, 'failing');
/** While this one is there, it waits. */
const waiting = join(ownDir, 'waiting');
writeFileSync(
  prolog,
  `#!/bin/sh
[ "$SLURMD_NODENAME" = n2 ] || exit 0
while [ -e ${waiting} ]; do sleep 0.05; done
[ ! -e ${failing} ]
`,
  { mode: 0o755 },
);
afterAll(() => {
  rmSync(ownDir, { recursive: true });
});

// Memory is handed out like CPUs: otherwise nobody is held to what he asked for.
const { it, cluster } = useSlurm({
  conf: [
    'MaxArraySize=21',
    'MessageTimeout=5',
    'SlurmdTimeout=6',
    'SelectTypeParameters=CR_CPU_Memory',
    'DefMemPerCPU=100',
    `Prolog=${prolog}`,
  ],
});

/** Whether a job that says so is up. */
function isUp(submission: Submission | undefined): boolean {
  const path = submission?.spec.logPath ?? '';
  return existsSync(path) && readFileSync(path, 'utf8') === 'up\n';
}

const ENDED_WELL = { kind: 'exited', exitCode: 0 };

it('hostile commands and environments run as they are, and nothing else does', async () => {
  const run = await BatchRun.open();
  const exports = {
    LINES: 'a\nb\'c"d$(touch pwned)`touch pwned`',
    base: 'x',
    PATH: `${process.env.PATH ?? ''}:/x y`,
  };
  const long = `echo ${'x'.repeat(10_000)} | wc -c`;
  const batch = run.make(['printf %s "$LINES"', long, "echo 'it'\\''s'; exit 7"], { exports });
  await run.submit(batch);
  const ends = (await run.whenEnded(3)).map(({ end }) => end);
  expect(ends).toEqual([ENDED_WELL, ENDED_WELL, { kind: 'exited', exitCode: 7 }]);
  const logs = batch.map(({ spec }) => readFileSync(spec.logPath, 'utf8'));
  expect(logs).toEqual([exports.LINES, '10001\n', "it's\n"]);
});

it('an array is cut at what the site allows', async () => {
  const run = await BatchRun.open();
  await run.submit(run.make(Array.from({ length: 45 }, () => 'exec sleep 600')));
  const queue = cluster.queue(run.runId);
  const names = queue.map((line) => line.split(' ')[2]);
  expect(queue).toHaveLength(45);
  expect([...new Set(names)].map((name) => names.filter((one) => one === name).length)).toEqual([20, 20, 5]);
});

it('a job that somebody else cancels is killed, and says by what', async () => {
  const run = await BatchRun.open();
  const batch = run.make(Array.from({ length: 2 }, () => 'echo up; exec sleep 600'));
  await run.submit(batch);
  // Slurm says that a job runs before there is anything of it, and what is cancelled then may as well be a failed launch.
  await eventually('both to run', () => batch.every(isUp), { timeoutMs: 60_000 });
  cluster.ask('scancel', '--user=root');
  for (const { end } of await run.whenEnded(2)) {
    expect(end).toEqual({
      kind: 'declared',
      outcome: {
        status: 'killed',
        reason: { kind: 'stopped', by: { kind: 'user', by: 'somebody else, by a command of Slurm' } },
      },
    });
  }
});

it('so is one that waits, without the rest of its array', async () => {
  const run = await BatchRun.open();
  // More memory than both nodes have: the last of them wait.
  const batch = run.make(Array.from({ length: 8 }, () => 'echo up; exec sleep 600'));
  await run.submit(
    batch.map(({ spec, ...id }) => ({ ...id, spec: { ...spec, resources: { memory_mib: 7000 } } })),
  );
  await run.whenStarted(4);
  const [id = ''] = cluster.queue(run.runId)[0]?.split(/[ _]/) ?? [];
  cluster.ask('scancel', `${id}_8`);
  const [report] = await run.whenEnded(1, 60_000);
  expect(report).toMatchObject({ job: 7, end: { outcome: { reason: { kind: 'stopped' } } } });
  expect(run.reports).toHaveLength(1);
}, 120_000);

it('a request that cannot be met fails in the words of Slurm', async () => {
  const refused = await BatchRun.open({ settings: { options: { partition: 'nowhere' } } });
  expect(await refused.submit(refused.make(['true']))).toEqual([
    { kind: 'rejected', message: 'invalid partition specified: nowhere; Invalid partition name specified' },
  ]);
  // Taken by sbatch, and never started: more time than the partition gives.
  const stuck = await BatchRun.open({
    settings: { options: { partition: 'short' } },
    pace: { hopelessMs: 100 },
  });
  await stuck.submit(stuck.make(['true'], { timeoutMins: 600 }));
  const [report] = await stuck.whenEnded(1);
  expect(report?.end).toEqual({ kind: 'not-launched', message: 'Slurm cannot start it: PartitionTimeLimit' });
  expect(cluster.queue(stuck.runId)).toEqual([]);
});

it('after the death of the head, jobs are adopted: what runs, what ended, what was never sent', async () => {
  const head = await BatchRun.open();
  const batch = head.make(['exec sleep 600', 'exit 5']);
  await head.submit(batch);
  await head.whenStarted(2);
  // The first backend is left as a dead process leaves it: its files and its jobs are there, and nobody looks after them.
  const heir = await BatchRun.open({ after: head });
  const [unsent] = head.make(['true']);
  if (unsent === undefined) throw new Error('no job');
  const answers = await heir.backend.adopt([...batch, { ...unsent, job: 99 }]);
  expect(answers.map(({ kind }) => kind)).toEqual(['adopted', 'adopted', 'gone']);
  const [report] = await heir.whenEnded(1);
  expect(report).toMatchObject({ job: 1, end: { kind: 'exited', exitCode: 5 } });
  await heir.kill(batch);
  await heir.whenEnded(2);
  // A record is there a moment before Slurm knows of the end.
  await eventually('an empty queue', () => cluster.queue(head.runId).length === 0);
});

it('a job over the time limit of Slurm is killed, with the limit as the reason', async () => {
  const run = await BatchRun.open({ settings: { timeMarginMins: 0 } });
  await run.submit(run.make(['exec sleep 600'], { timeoutMins: 1 }));
  await run.whenStarted(1);
  const [id = ''] = cluster.queue(run.runId)[0]?.split(' ') ?? [];
  cluster.ask('scontrol', 'update', `jobid=${id}`, 'EndTime=now');
  const [report] = await run.whenEnded(1, 80_000);
  expect(report?.end).toEqual({
    kind: 'declared',
    outcome: { status: 'killed', reason: { kind: 'timeout', limitMins: 1 } },
  });
}, 120_000);

it('a job over its memory is ended by Slurm, and fails by that signal', async () => {
  const run = await BatchRun.open({ settings: { memoryMib: 20 } });
  // `tail` keeps all of it. Without cgroups Slurm ends such a job and gives no more reason than this.
  await run.submit(run.make(['head -c 150M /dev/zero | tail -c 120M | sleep 600']));
  const [report] = await run.whenEnded(1, 60_000);
  expect(report?.end).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
}, 90_000);

describe('what a node cannot launch is lost, to be run again elsewhere', () => {
  const failToLaunch = async (extraArgs: readonly string[]): Promise<readonly unknown[]> => {
    writeFileSync(failing, '');
    const run = await BatchRun.open({ settings: { extraArgs: ['--nodelist=n2', ...extraArgs] } });
    await run.submit(run.make(['true', 'true']));
    const ends = (await run.whenEnded(2, 90_000)).map(({ end }) => end);
    await eventually('an empty queue', () => cluster.queue(run.runId).length === 0, { timeoutMs: 60_000 });
    return ends;
  };

  afterEach(async () => {
    rmSync(failing, { force: true });
    rmSync(waiting, { force: true });
    if (cluster.isUp) await undrain('n2');
  }, 120_000);

  it('cancelled by Slurm itself', async () => {
    const lost = { kind: 'lost', message: 'Slurm: CANCELLED on n2 before it began' };
    expect(await failToLaunch([])).toEqual([lost, lost]);
  }, 120_000);

  it('requeued and held, where the site has jobs requeued', async () => {
    const lost = { kind: 'lost', message: 'Slurm: launch failed requeued held' };
    expect(await failToLaunch(['--requeue'])).toEqual([lost, lost]);
  }, 120_000);

  it('with what runs of its array: Slurm cancels all of it when it fails to launch the last task', async () => {
    writeFileSync(failing, '');
    writeFileSync(waiting, '');
    const run = await BatchRun.open({ settings: { cpus: 8 } });
    const batch = run.make(['echo up; exec sleep 600', 'true']);
    await run.submit(batch);
    await eventually('the first to run', () => isUp(batch[0]), { timeoutMs: 60_000 });
    rmSync(waiting);
    expect((await run.whenEnded(2, 90_000)).map(({ end }) => end)).toEqual([
      { kind: 'lost', message: 'Slurm: CANCELLED with a task that did not begin on n2' },
      { kind: 'lost', message: 'Slurm: CANCELLED on n2 before it began' },
    ]);
  }, 120_000);
});

/** Has Slurm use a node again that failed to launch a job. */
async function undrain(node: string): Promise<void> {
  const stateOf = (): string => cluster.ask('sinfo', '--noheader', `--nodes=${node}`, '--format=%T')[0] ?? '';
  await eventually('the node to be drained', () => stateOf().startsWith('drained'), { timeoutMs: 60_000 });
  cluster.ask('scontrol', 'update', `nodename=${node}`, 'state=resume');
  await eventually('the node to be idle', () => stateOf() === 'idle', { timeoutMs: 60_000 });
}

it('jobs of a node that dies are lost, to be run again elsewhere', async () => {
  const run = await BatchRun.open({ settings: { extraArgs: ['--nodelist=n2'] } });
  await run.submit(run.make(['exec sleep 600']));
  await run.whenStarted(1);
  process.kill(cluster.pidOf('slurmd-n2'), 'SIGKILL');
  const [report] = await run.whenEnded(1, 90_000);
  expect(report?.end).toEqual({ kind: 'lost', message: 'Slurm: NODE_FAIL' });
}, 120_000);

it('a controller that dies and comes back delays jobs and fails none', async () => {
  const run = await BatchRun.open();
  await run.submit(run.make(['sleep 2', 'exec sleep 600']));
  await run.whenStarted(2);
  // It forgets what it has not saved, and would give the numbers of those jobs to others.
  await cluster.whenSaved();
  process.kill(cluster.pidOf('slurmctld'), 'SIGKILL');
  const [answer] = await run.submit(run.make(['true']));
  expect(answer?.kind).toBe('busy');
  // What ends meanwhile is known by its record.
  expect((await run.whenEnded(1)).map(({ end }) => end)).toEqual([ENDED_WELL]);
  await cluster.up(['MaxJobCount=100', 'MinJobAge=2']);
  expect(await run.submit(run.make(['true', 'exec sleep 600']))).toEqual([
    { kind: 'accepted', running: false },
    { kind: 'accepted', running: false },
  ]);
  await run.whenStarted(4);
  await run.whenEnded(2);
  expect(run.reports.map(({ end }) => end)).toEqual([ENDED_WELL, ENDED_WELL]);
  // More than its waits together, so that the one that was in vain is named.
}, 300_000);

it('a full queue delays jobs and fails none', async () => {
  const run = new InterruptedRun();
  const jobs = Array.from({ length: 120 }, (_, i) => ({ full_name: `job${i}`, cmd: run.counting('job') }));
  const { ended } = run.start(jobs, '--backend', 'slurm', '--log-level', 'debug');
  const { code, stderr } = await ended;
  expect(stderr).toMatch(/backend-busy/);
  expect(code).toBe(0);
  expect(run.startsOf('job')).toBe(120);
}, 90_000);
