// A BatchBackend on an engine that the test plays, in this process: the test says what is in the queue and writes the tasks' records.
// Checks nothing itself.
import { appendFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  BatchBackend,
  DEFAULT_BATCH_SETTINGS,
  demandOf,
  type BatchEngine,
  type Pace,
  type TaskState,
  type TaskTarget,
} from '../../../src/backends/batch/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import type { EndReport, Submission } from '../../../src/model/backend.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

/** The engine's id of the only array. */
const ID = '7';

/** Waits that no test wants to see the end of are long, the others as short as can be. */
const PACE: Partial<Pace> = { minQueryMs: 5, maxQueryMs: 20, cancelAgainMs: 1, hopelessMs: 1, settleMs: 100 };

/** A backend, the queue that it sees, and what it said and did. */
export class PlayedRun {
  readonly dir = makeTempDir();
  /** What the engine says of its tasks, by their numbers. */
  readonly queue = new Map<number, TaskState>();
  /** Tasks that the engine was asked to end, as `[[1,2]]`; `[null]`: all of the array. */
  readonly asked: string[] = [];
  readonly cancelled: string[] = [];
  readonly ended: EndReport[] = [];
  readonly backend: BatchBackend;

  constructor(traits: Partial<BatchEngine> = {}) {
    this.backend = new BatchBackend({
      engine: { ...this.#makeEngine(), ...traits },
      runId: 'played',
      directory: join(this.dir, 'batch'),
      clock: new RealClock(),
      killGraceMs: 3_600_000,
      demandOf: (spec) => demandOf(DEFAULT_BATCH_SETTINGS, spec),
      pace: PACE,
    });
  }

  /** Starts a backend with this many jobs, the tasks 1, 2, ... of one array; it is closed when the test ends. */
  static async start(count: number, state: TaskState, traits: Partial<BatchEngine> = {}): Promise<PlayedRun> {
    const run = new PlayedRun(traits);
    await run.backend.open({ started: () => undefined, ended: (reports) => run.ended.push(...reports) });
    onTestFinished(() => {
      run.queue.clear();
      return run.backend.close();
    }, 60_000);
    for (let task = 1; task <= count; task++) run.queue.set(task, state);
    await run.backend.submit(run.jobs(count));
    return run;
  }

  jobs(count: number): readonly Submission[] {
    return Array.from({ length: count }, (_, job) => {
      const odir = join(this.dir, String(job));
      return { job, attempt: 1, spec: makeSpec(`job${job}`, { odir, logPath: join(odir, 'log') }) };
    });
  }

  /** Adds lines to the record of a task. */
  record(task: number, ...lines: readonly string[]): void {
    appendFileSync(this.#pathOf(task), lines.map((line) => `${line}\n`).join(''));
  }

  /** Adds lines to the record of a task, and completes it. */
  complete(task: number, ...lines: readonly string[]): void {
    this.record(task, ...lines);
    renameSync(this.#pathOf(task), this.#pathOf(task).replace(/run$/, 'end'));
  }

  #pathOf(task: number): string {
    return join(this.dir, 'batch', 'spool', `1-${task}.run`);
  }

  #makeEngine(): BatchEngine {
    const nothing = { program: 'true', args: [] };
    const note = (log: string[], targets: readonly TaskTarget[]): readonly never[] => {
      log.push(JSON.stringify(targets.map(({ tasks }) => tasks)));
      return [];
    };
    return {
      name: 'played',
      title: 'Played',
      programs: [],
      options: {},
      taskVariable: 'PLAYED_TASK',
      ownVariables: /^PLAYED_/,
      probe: nothing,
      readProbe: () => ({ kind: 'answered', arrayLimit: null, facts: [] }),
      submit: () => ({ command: nothing }),
      readSubmit: () => ({ kind: 'submitted', id: ID }),
      query: () => nothing,
      readQuery: () => ({
        kind: 'answered',
        reports: Array.from(this.queue, ([task, state]) => ({
          id: ID,
          arrayName: null,
          tasks: [task],
          state,
        })),
        garbled: 0,
      }),
      history: null,
      askToEnd: (targets) => note(this.asked, targets),
      cancel: (targets) => note(this.cancelled, targets),
    };
  }
}
