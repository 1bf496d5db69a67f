// What happens to jobs when the launcher, or the process of the run, is killed.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LocalBackendOptions } from '../../../src/backends/local/index.js';
import { eventually } from '../../support/eventually.js';
import { fromRepoRoot } from '../../support/repo-root.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { LocalRun, readLog } from './local-run.js';
import { findProcesses, isAlive } from './processes.js';

const STUBBORN = `trap '' TERM HUP INT; echo ready; while :; do sleep 500; done`;
const ESCAPED = `setsid nohup sh -c "trap '' TERM; echo ready; while :; do sleep 500; done" & sleep 500; true`;

describe('when the launcher is killed', () => {
  it('its jobs are ended and reported lost; later jobs get a new launcher', async () => {
    const run = await LocalRun.open();
    const jobs = [await run.start(STUBBORN), await run.start(ESCAPED)];
    for (const { spec } of jobs) await eventually('the job', () => readLog(spec).includes('ready'));
    const first = run.backend.launcherPid ?? 0;
    process.kill(first, 'SIGKILL');
    for (const { end } of jobs) {
      expect((await end).end).toEqual({ kind: 'lost', message: 'the launcher process was ended by SIGKILL' });
    }
    expect(findProcesses(run.runId)).toEqual([]);
    expect((await run.run('exit 5')).end).toEqual({ kind: 'exited', exitCode: 5 });
    expect(run.backend.launcherPid).not.toBe(first);
    expect(run.reports).toHaveLength(3);
  });

  it('jobs that are being submitted end, too', async () => {
    const run = await LocalRun.open();
    const ends = Array.from({ length: 50 }, (_, job) => run.waitForEnd(job));
    const answers = run.submit(...ends.map(() => run.makeSpec('sleep 500')));
    process.kill(run.backend.launcherPid ?? 0, 'SIGKILL');
    const reports = await Promise.all(ends);
    expect((await answers).every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(reports.every(({ end }) => end.kind === 'lost')).toBe(true);
    expect(findProcesses(run.runId)).toEqual([]);
  });
});

interface Head {
  readonly process: ChildProcess;
  readonly runId: string;
  readonly dir: string;
  readonly launcherPid: number;
}

/** Starts a process that runs the commands; resolves when all of them say that they are ready. */
async function startHead(
  options: Partial<LocalBackendOptions>,
  ...commands: readonly string[]
): Promise<Head> {
  const dir = makeTempDir();
  const runId = `head-${process.pid}-${dir.slice(-6)}`;
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      fromRepoRoot('test/backends/local/head.ts'),
      dir,
      JSON.stringify({ runId, ...options }),
      ...commands,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], cwd: fromRepoRoot('.'), detached: true },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  const submitted = await eventually('the submission', () => /^submitted (.*)$/m.exec(said)?.[1]);
  for (const job of commands.keys()) {
    await eventually(`job ${job}`, () =>
      readFileSync(join(dir, `job-${job}`, 'log'), 'utf8').includes('ready'),
    );
  }
  const { launcherPid } = JSON.parse(submitted) as { launcherPid: number };
  return { process: child, runId, dir, launcherPid };
}

describe('when the process of the run is killed', () => {
  it('its jobs are gone, with all that escaped them, and then the launcher too', async () => {
    const head = await startHead(
      { killGraceMs: 100_000 },
      STUBBORN,
      ESCAPED,
      'echo ready; sleep 500',
      `interactive:${STUBBORN}`,
    );
    head.process.kill('SIGKILL');
    // Sooner than by the grace that the run would give.
    await eventually('the launcher to end', () => !isAlive(head.launcherPid));
    expect(findProcesses(head.runId)).toEqual([]);
  });

  it('a signal to its whole process group, or to the launcher, does not end the jobs: the run decides', async () => {
    const head = await startHead({}, 'echo ready; sleep 500');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(head.launcherPid, signal);
    head.process.stdin?.write('close\n');
    await once(head.process, 'exit');
    expect(head.process.exitCode).toBe(0);
    expect(isAlive(head.launcherPid)).toBe(false);
  });

  it('its jobs may be left to finish, and their ends are found in the spool', async () => {
    const dir = makeTempDir();
    const gate = join(dir, 'gate');
    const spoolPath = join(dir, 'ends.jsonl');
    const waiting = `echo ready; while ! [ -e ${gate} ]; do sleep 0.01; done; echo done`;
    const head = await startHead(
      { onHeadDeath: 'keep', spoolPath },
      `${waiting}; exit 4`,
      'echo ready; exit 3',
    );
    head.process.kill('SIGKILL');
    await once(head.process, 'exit');
    expect(findProcesses(head.runId)).not.toEqual([]);
    writeFileSync(gate, '');
    await eventually('the launcher to end', () => !isAlive(head.launcherPid));
    const lines = readFileSync(spoolPath, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({ schema: 'regatta.ends/1', scope: `${head.runId}/1`, policy: 'keep' });
    // Starts, the first end and the news of the death come in no certain order.
    expect(lines).toContainEqual({ headless: true, scope: `${head.runId}/1` });
    expect(lines.filter((line) => 'pid' in line)).toHaveLength(2);
    expect(lines.filter((line) => 'end' in line)).toMatchObject([
      { job: 1, attempt: 1, end: { kind: 'exited', exitCode: 3 } },
      { job: 0, attempt: 1, end: { kind: 'exited', exitCode: 4 } },
    ]);
    expect(readFileSync(join(head.dir, 'job-0', 'log'), 'utf8')).toBe('ready\ndone\n');
    expect(readdirSync(head.dir).sort()).toEqual(['job-0', 'job-1']);
  });
});
