// A run as history keeps it: what of each job can be compared from run to run. Knows no database.
import type { JobSpec } from '../../model/job-spec.js';
import type { TerminalStatus } from '../../model/status.js';
import { findSignature } from '../buckets/signature.js';
import { describeBlock } from '../job-result.js';
import type { BucketRepro } from '../buckets/repro.js';
import type { RunRecord } from '../run-record.js';
import type { Counts } from '../schema.js';

/** What a job is known by from run to run: not its full name, which may have a seed or a number in it. */
export interface TestName {
  readonly name: string;
  /** `name`, or `name/variant`; empty without a block. */
  readonly block: string;
  /** Name of the tool; empty without one. */
  readonly tool: string;
  readonly target: string;
}

/** A job that tells something of its test: it passed, failed, or was killed for its own sake. */
export interface PastJob {
  readonly test: TestName;
  readonly seed: number | null;
  readonly status: TerminalStatus;
  readonly durationMs: number | null;
  /** Of its bucket; null when it passed. */
  readonly signature: string | null;
}

/** A run that has ended. */
export interface PastRun {
  readonly runId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly exitCode: number | null;
  /** Commit of the sources, with `+dirty` when they differed from it; null when unknown. */
  readonly revision: string | null;
  readonly input: string | null;
  readonly counts: Counts;
  readonly jobs: Iterable<PastJob>;
  /** Failures that were run again when the run was over; default: none. Their signatures and durations are not kept. */
  readonly secondTries?: readonly PastJob[];
}

/** One text for each test. */
export function testKey({ name, block, tool, target }: TestName): string {
  return `${target}\0${tool}\0${block}\0${name}`;
}

/** What the jobs of a spec are known by. */
export function testOf({ name, block, tool, target }: JobSpec): TestName {
  return { name, block: block === null ? '' : describeBlock(block), tool: tool?.name ?? '', target };
}

/** The jobs of a run that tell something of their test; those that another job's failure, or a stop, killed do not. */
export function* listPastJobs({ jobs, specs }: RunRecord): Generator<PastJob> {
  for (const { job, status, reason, startedAtMs, endedAtMs } of jobs.ended()) {
    const spec = specs[job];
    const signature = reason === null ? null : findSignature(reason);
    if (spec === undefined || (signature === null && status === 'killed')) continue;
    const durationMs = Number.isNaN(startedAtMs) ? null : Math.round(endedAtMs - startedAtMs);
    yield { test: testOf(spec), seed: spec.seed, status, durationMs, signature };
  }
}

/**
 * Second tries that tell something of their test. One that says nothing of the job, for what it needs was missing, does not; nor
 * does one after a first try of that kind.
 */
export function listSecondTries({ specs, indexOf }: RunRecord, repros: Iterable<BucketRepro>): PastJob[] {
  return Array.from(repros).flatMap(({ job, outcome, status, signature }) => {
    const spec = specs[indexOf.get(job) ?? -1];
    if (spec === undefined || outcome === 'infrastructure') return [];
    return [{ test: testOf(spec), seed: spec.seed, status, durationMs: null, signature }];
  });
}
