// The way to start processes where the native one is missing, under the launcher that uses it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StartAnswer, StartOrder } from '../../../src/backends/local/launcher-messages.js';
import { Launcher } from '../../../src/backends/local/launcher.js';
import { PortableSpawner } from '../../../src/backends/local/portable-spawner.js';
import type { EndReport } from '../../../src/model/backend.js';
import { eventually } from '../../support/eventually.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { findProcesses } from './processes.js';

let rigs = 0;

/** A launcher in this process, and what it said. */
class Rig {
  readonly dir = makeTempDir();
  readonly runId = `portable-${process.pid}-${++rigs}`;
  readonly answers: StartAnswer[] = [];
  readonly ends: EndReport[] = [];
  readonly launcher: Launcher;

  constructor() {
    const environment = { PATH: process.env['PATH'] ?? '' };
    this.launcher = new Launcher(
      { scope: this.runId, environment, killGraceMs: 100, onHeadDeath: 'kill', spoolPath: null },
      {
        answered: (answers) => this.answers.push(...answers),
        started: () => undefined,
        ended: (reports) => this.ends.push(...reports),
        idle: () => undefined,
      },
      (base, listener) => new PortableSpawner(base, listener),
    );
    onTestFinished(async () => {
      this.launcher.finish(0);
      await eventually('all processes to be gone', () => findProcesses(this.runId).length === 0);
    });
  }

  order(job: number, cmd: string, logPath = this.logOf(job)): StartOrder {
    return { job, attempt: 1, cmd, exports: {}, odir: this.dir, logPath };
  }

  logOf(job: number): string {
    return join(this.dir, `log-${job}`);
  }

  readLog(job: number): string {
    return readFileSync(this.logOf(job), 'utf8');
  }
}

describe('a launcher without the native spawner', () => {
  it('reports exit codes, signals, logs, and programs that are not there', async () => {
    const rig = new Rig();
    const commands = ['pwd', 'exit 3', 'kill -SEGV $$', './absent'];
    rig.launcher.start(commands.map((cmd, job) => rig.order(job, cmd)));
    await eventually('all ends', () => rig.ends.length === commands.length);
    expect(rig.ends.sort((a, b) => a.job - b.job).map(({ end }) => end)).toEqual([
      { kind: 'exited', exitCode: 0 },
      { kind: 'exited', exitCode: 3 },
      { kind: 'signalled', signal: 'SIGSEGV' },
      { kind: 'exited', exitCode: 127 },
    ]);
    expect(rig.readLog(0)).toBe(`${rig.dir}\n`);
  });

  it('refuses a job whose log cannot be written', async () => {
    const rig = new Rig();
    rig.launcher.start([rig.order(0, 'true', rig.dir)]);
    await eventually('the answer', () => rig.answers.length === 1);
    const message = `cannot write the log ${rig.dir}: it is a directory (EISDIR)`;
    expect(rig.answers).toEqual([{ job: 0, attempt: 1, kind: 'rejected', message }]);
  });

  it('kills what left the session, by its token', async () => {
    const rig = new Rig();
    const escape = 'setsid nohup sh -c "echo ready; sleep 500; true" &';
    rig.launcher.start([rig.order(0, `trap '' TERM; ${escape} sleep 500; sleep 500; true`)]);
    await eventually('the job', () => rig.answers.length === 1 && rig.readLog(0).includes('ready'));
    rig.launcher.kill([{ job: 0, attempt: 1, force: false }]);
    await eventually('its end', () => rig.ends.length === 1);
    const end = { kind: 'signalled', signal: 'SIGKILL' };
    expect(rig.ends).toEqual([{ job: 0, attempt: 1, end, usage: {} }]);
    expect(findProcesses(rig.runId)).toEqual([]);
  });

  it('names what a job leaves in its group', async () => {
    const rig = new Rig();
    const untilItSleeps = 'while [ "$(ps -o comm= -p $!)" != sleep ]; do :; done';
    rig.launcher.start([rig.order(0, `sleep 500 & ${untilItSleeps}; echo $!`)]);
    await eventually('its end', () => rig.ends.length === 1);
    expect(rig.ends[0]?.leftovers).toEqual([`${rig.readLog(0).trim()} sleep 500`]);
  });
});
