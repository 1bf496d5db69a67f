// The batch backend when things go wrong on a real Slurm: daemons that die, jobs that others end, hostile jobs, a dead head.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { InterruptedRun } from '../../cli/interrupted-run.js';
import { eventually } from '../../support/eventually.js';
import { BatchRun } from './batch-run.js';
import { useSlurm } from './slurm-cluster.js';

// Memory is handed out like CPUs: otherwise nobody is held to what he asked for.
const { it, cluster } = useSlurm({
  conf: [
    'MaxArraySize=21',
    'MessageTimeout=5',
    'SlurmdTimeout=6',
    'SelectTypeParameters=CR_CPU_Memory',
    'DefMemPerCPU=100',
  ],
});

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
  await run.submit(run.make(['exec sleep 600', 'exec sleep 600']));
  await run.whenStarted(2);
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
}, 90_000);

it('a full queue delays jobs and fails none', async () => {
  const run = new InterruptedRun();
  const jobs = Array.from({ length: 120 }, (_, i) => ({ full_name: `job${i}`, cmd: run.counting('job') }));
  const { ended } = run.start(jobs, '--backend', 'slurm', '--log-level', 'debug');
  const { code, stderr } = await ended;
  expect(stderr).toMatch(/backend-busy/);
  expect(code).toBe(0);
  expect(run.startsOf('job')).toBe(120);
}, 90_000);
