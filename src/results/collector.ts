// The observer that keeps what results.json and the reports need. Knows no files and no formats.
import type { JobSpec } from '../model/job-spec.js';
import type { Limits, Observer, RunEvent } from '../model/run-event.js';
import type { TerminalStatus } from '../model/status.js';
import type { Failure } from './buckets/buckets.js';
import { gatherBuckets } from './buckets/buckets.js';
import { findSignature } from './buckets/signature.js';
import { seconds, toIsoTime, toJobResult } from './job-result.js';
import { JobTable } from './job-table.js';
import type { RunRecord } from './run-record.js';
import { widenLimits } from './widen-limits.js';
import type { LowerBound } from './lower-bound.js';
import { findLowerBound } from './lower-bound.js';
import type { Counts, JobResult, ResultsView } from './schema.js';
import { RESULTS_SCHEMA } from './schema.js';

type RunStarted = Extract<RunEvent, { kind: 'run-started' }>;

/** Collects the results of one run. Valid at any time after `run-started`, also while jobs still run. */
export class Collector implements Observer {
  readonly name = 'results';
  #start: RunStarted | undefined;
  #endedAtMs: number | null = null;
  #indexOf: ReadonlyMap<string, number> | undefined;
  #table = new JobTable(0);
  #limits: Limits | undefined;
  readonly #counts: Record<TerminalStatus, number> = { passed: 0, failed: 0, killed: 0 };

  notify(event: RunEvent): void {
    switch (event.kind) {
      case 'run-started':
        this.#start = event;
        this.#limits = event.limits;
        this.#table = new JobTable(event.jobs.length);
        return;
      case 'job-changed':
        this.#table.record(event);
        if (event.to === 'passed' || event.to === 'failed' || event.to === 'killed') this.#counts[event.to]++;
        return;
      case 'limits-changed':
      case 'run-resumed':
        this.#limits = widenLimits(this.#limits ?? event.limits, event.limits);
        return;
      case 'run-ended':
        this.#endedAtMs = event.atMs;
        return;
      default:
        // The other events change no result.
        return;
    }
  }

  /** The specs of the run, by job index. */
  get specs(): readonly JobSpec[] {
    return this.#started.jobs;
  }

  /** How many jobs the run has, and how many have ended in each way so far. */
  get counts(): Counts {
    return { total: this.#started.jobs.length, ...this.#counts };
  }

  /** What is known of the run so far, as numbers. */
  get record(): RunRecord {
    const { runId, atMs, jobs, backends } = this.#started;
    return {
      runId,
      startedAtMs: atMs,
      endedAtMs: this.#endedAtMs,
      specs: jobs,
      indexOf: this.#indexJobs(),
      backends,
      jobs: this.#table,
    };
  }

  /** How short the run could have been, judged by the jobs that have ended. */
  findLowerBound(): LowerBound {
    const { jobs, backends } = this.#started;
    const runtimesMs = new Float64Array(jobs.length);
    for (const { job, startedAtMs, endedAtMs } of this.#table.ended()) {
      if (!Number.isNaN(startedAtMs)) runtimesMs[job] = endedAtMs - startedAtMs;
    }
    const limits = this.#limits ?? this.#started.limits;
    return findLowerBound({ specs: jobs, indexOf: this.#indexJobs(), backends, limits, runtimesMs });
  }

  /**
   * The results so far. Jobs are put into words only as they are gone through, so that a large run is never held twice.
   *
   * @param exitCode - Of the command; null while it is not known.
   */
  build(exitCode: number | null): ResultsView {
    const { runId, atMs } = this.#started;
    const endedAtMs = this.#endedAtMs;
    let jobs: readonly JobResult[] | undefined;
    return {
      schema: RESULTS_SCHEMA,
      run_id: runId,
      started_at: toIsoTime(atMs),
      ended_at: endedAtMs === null ? null : toIsoTime(endedAtMs),
      exit_code: exitCode,
      makespan_s: endedAtMs === null ? null : seconds(atMs, endedAtMs),
      counts: this.counts,
      jobs: { [Symbol.iterator]: () => (jobs ??= [...this.#jobs()]).values() },
      buckets: gatherBuckets(this.#failures()),
    };
  }

  /** Made at most once: several outputs need it, and none while jobs run. */
  #indexJobs(): ReadonlyMap<string, number> {
    return (this.#indexOf ??= new Map(this.specs.map(({ fullName }, job) => [fullName, job])));
  }

  *#jobs(): Generator<JobResult> {
    const { jobs, backends } = this.#started;
    for (const record of this.#table.ended()) {
      const spec = jobs[record.job];
      if (spec !== undefined) yield toJobResult(record, spec, backends[record.job] ?? '');
    }
  }

  *#failures(): Generator<Failure> {
    for (const { job, reason } of this.#table.ended()) {
      const signature = reason === null ? null : findSignature(reason);
      const spec = this.#started.jobs[job];
      if (signature !== null && spec !== undefined) yield { job: spec.fullName, signature };
    }
  }

  get #started(): RunStarted {
    if (this.#start === undefined) throw new Error('no run has started');
    return this.#start;
  }
}
