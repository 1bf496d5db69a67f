// What a kill does on the local backend, with real processes of every kind that tries to survive one.
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { StartedJob } from './local-run.js';
import { LocalRun, readLog } from './local-run.js';
import { findProcesses, isAlive } from './processes.js';

/** Waits until the job has written `ready`. */
async function waitUntilReady({ spec }: StartedJob): Promise<void> {
  await eventually('the job to be ready', () => readLog(spec).includes('ready'));
}

/** Commands that say `ready` once all their processes are there. */
const ZOO: Readonly<Record<string, string>> = {
  'a plain process': 'echo ready; sleep 500',
  'a shell with a child': 'sleep 500 & echo ready; wait; true',
  'a process that ignores SIGTERM': `trap '' TERM; echo ready; sleep 500; sleep 500; true`,
  'a child in a session of its own': 'setsid sh -c "echo ready; sleep 500; true" & sleep 500; true',
  'a double fork':
    '(setsid sh -c "(setsid sh -c \\"echo ready; sleep 500; true\\") & exit" &) ; sleep 500; true',
  'a child with an emptied environment':
    'setsid env -i sh -c "echo ready; sleep 500; true" & sleep 500; true',
  'an orphan in the session with an emptied environment':
    '(env -i sh -c "echo ready; sleep 500; true" &); sleep 500; true',
  'a child that ignores SIGTERM and SIGHUP in a session of its own': `setsid nohup sh -c "trap '' TERM; echo ready; while :; do sleep 500; done" & sleep 500; true`,
  'a stopped process': 'sh -c "echo ready; kill -STOP \\$\\$; sleep 500"; true',
  'a parent that starts another child for each one lost': `trap '' TERM; echo ready; while :; do setsid sleep 500 & wait $!; done`,
  'a chain of sessions, each of which starts the next and ends': `printf 'setsid sh chain.sh &\\nexit 0\\n' > chain.sh; setsid sh chain.sh & echo ready; sleep 500; true`,
  'a process with its output closed': 'echo ready; exec >&- 2>&-; sleep 500; true',
};

describe('a killed job', () => {
  it.each(Object.entries(ZOO))('is gone with all its processes: %s', async (_title, cmd) => {
    const run = await LocalRun.open({ killGraceMs: 200 });
    const job = await run.start(cmd);
    await waitUntilReady(job);
    await run.kill(job.job);
    const report = await job.end;
    expect(report).not.toHaveProperty('leftovers');
    expect(report.end.kind).toMatch(/signalled|exited/);
    expect(findProcesses(run.runId)).toEqual([]);
  });

  it('gets SIGTERM, and may end in its own way', async () => {
    const run = await LocalRun.open();
    const job = await run.start(`trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done`);
    await waitUntilReady(job);
    await run.kill(job.job);
    expect((await job.end).end).toEqual({ kind: 'exited', exitCode: 7 });
    expect(readLog(job.spec)).toContain('bye');
  });

  it('dies of SIGTERM itself when it does nothing about it', async () => {
    const run = await LocalRun.open();
    const job = await run.start('sleep 500');
    await run.kill(job.job);
    expect((await job.end).end).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
  });

  it('dies of SIGKILL at once when forced, in the middle of its grace', async () => {
    const run = await LocalRun.open({ killGraceMs: 100_000 });
    const job = await run.start(`trap 'echo heard' TERM; echo ready; while :; do sleep 0.01; done`);
    await waitUntilReady(job);
    await run.kill(job.job);
    await eventually('the trap', () => readLog(job.spec).includes('heard'));
    await run.kill(job.job, true);
    expect((await job.end).end).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
  });

  it('is reported once, killed again and again, by force and not', async () => {
    const run = await LocalRun.open();
    const job = await run.start('sleep 500');
    await Promise.all([run.kill(job.job), run.kill(job.job), run.kill(job.job, true), run.kill(99)]);
    await job.end;
    await run.kill(job.job);
    await run.backend.close();
    expect(run.reports).toHaveLength(1);
  });

  it('waits for a descendant that takes its time to end in good order', async () => {
    const run = await LocalRun.open();
    const job = await run.start(
      `setsid sh -c "trap 'sleep 0.3; echo saved; exit' TERM; echo ready; while :; do sleep 0.01; done" & wait; true`,
    );
    await waitUntilReady(job);
    await run.kill(job.job);
    await job.end;
    expect(readLog(job.spec)).toContain('saved');
  });
});

describe('jobs killed right after they were submitted', () => {
  it('end once each, and leave nothing', async () => {
    const run = await LocalRun.open({ killGraceMs: 200 });
    const count = 100;
    const ends = Array.from({ length: count }, (_, job) => run.waitForEnd(job));
    const answers = run.submit(...ends.map(() => run.makeSpec('sleep 500')));
    await run.backend.kill(ends.map((_, job) => ({ job, attempt: 1, force: job % 2 === 0 })));
    const reports = await Promise.all(ends);
    expect((await answers).every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(new Set(reports.map(({ end }) => end.kind))).toEqual(new Set(['not-launched', 'signalled']));
    // Those that were withdrawn have never started, and nobody was told that they had.
    const launched = reports.filter(({ end }) => end.kind === 'signalled').map(({ job }) => job);
    expect([...run.started].sort()).toEqual([...launched].sort());
    expect((await answers).some((answer) => answer.kind === 'accepted' && answer.running)).toBe(false);
    expect(run.reports).toHaveLength(count);
    expect(findProcesses(run.runId)).toEqual([]);
  });
});

describe('close', () => {
  it('ends what runs, what was left behind, and the launcher, and reports each job', async () => {
    const run = await LocalRun.open({ killGraceMs: 100_000 });
    const job = await run.start(`trap '' TERM; echo ready; sleep 500; true`);
    await waitUntilReady(job);
    const leak = await run.start('setsid nohup sh -c "sleep 500; true" & exit 0');
    await leak.end;
    const { launcherPid } = run.backend;
    await run.backend.close();
    expect(run.reports.map(({ job: index }) => index).sort()).toEqual([0, 1]);
    expect(findProcesses(run.runId)).toEqual([]);
    expect(isAlive(launcherPid ?? 0)).toBe(false);
  });
});
