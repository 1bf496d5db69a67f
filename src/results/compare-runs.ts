// Finds what is different between two runs: tests that broke or were fixed, buckets, run times. Pure; knows no layout.
import type { JobResult, ResultsView } from './schema.js';

/** Name and version of the format. */
export const COMPARISON_SCHEMA = 'regatta.comparison/1';

/** A mean run time has changed when it is longer or shorter by this part, and by so much. */
const CHANGED_PART = 0.2;
const CHANGED_S = 1;

/** How the jobs of one test ended in a run. */
export interface TestOutcome {
  readonly passed: number;
  /** Failed, or killed for their own sake. */
  readonly failed: number;
}

/** A test in both runs; a test is the jobs of one name, target and block. */
export interface ComparedTest {
  readonly name: string;
  readonly block: string | null;
  readonly target: string;
  readonly before: TestOutcome;
  readonly after: TestOutcome;
}

/** Mean run times of the passed jobs of a test. */
export interface RuntimeChange {
  readonly name: string;
  readonly block: string | null;
  readonly target: string;
  readonly before_s: number;
  readonly after_s: number;
}

/** How often a bucket was seen in each run. */
export interface ComparedBucket {
  readonly signature: string;
  readonly before: number;
  readonly after: number;
}

/** One of the two runs. */
export interface ComparedRun {
  readonly run_id: string;
  readonly started_at: string;
  readonly makespan_s: number | null;
  readonly counts: ResultsView['counts'];
}

/** What is different. Tests and buckets are in the order of the later run, then of the earlier one. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  /** All its jobs that ran passed before; one or more failed after. */
  readonly broke: readonly ComparedTest[];
  /** The reverse. */
  readonly fixed: readonly ComparedTest[];
  readonly still_failing: readonly ComparedTest[];
  /** Tests that ran in one of the runs only. */
  readonly added: readonly ComparedTest[];
  readonly removed: readonly ComparedTest[];
  readonly new_buckets: readonly ComparedBucket[];
  readonly gone_buckets: readonly ComparedBucket[];
  readonly common_buckets: readonly ComparedBucket[];
  /** Those that differ by a fifth and a second at least, the largest change first. */
  readonly runtime_changes: readonly RuntimeChange[];
}

interface Test {
  readonly name: string;
  readonly block: string | null;
  readonly target: string;
  passed: number;
  failed: number;
  passedS: number;
}

/** Compares two runs; jobs that never ran, or were killed because of others, count for neither side. */
export function compareRuns(before: ResultsView, after: ResultsView): Comparison {
  const old = gatherTests(before.jobs);
  const current = gatherTests(after.jobs);
  const both = [...current].flatMap(([key, test]) => {
    const earlier = old.get(key);
    return earlier === undefined ? [] : [{ earlier, test }];
  });
  const pick = (wasFailing: boolean, isFailing: boolean): ComparedTest[] =>
    both
      .filter(({ earlier, test }) => earlier.failed > 0 === wasFailing && test.failed > 0 === isFailing)
      .map(({ earlier, test }) => toComparedTest(earlier, test));
  const only = (tests: Map<string, Test>, others: Map<string, Test>): Test[] =>
    [...tests].flatMap(([key, test]) => (others.has(key) ? [] : [test]));
  const buckets = compareBuckets(before, after);
  return {
    schema: COMPARISON_SCHEMA,
    before: toComparedRun(before),
    after: toComparedRun(after),
    broke: pick(false, true),
    fixed: pick(true, false),
    still_failing: pick(true, true),
    added: only(current, old).map((test) => toComparedTest(undefined, test)),
    removed: only(old, current).map((test) => toComparedTest(test, undefined)),
    new_buckets: buckets.filter((bucket) => bucket.before === 0),
    gone_buckets: buckets.filter((bucket) => bucket.after === 0),
    common_buckets: buckets.filter((bucket) => bucket.before > 0 && bucket.after > 0),
    runtime_changes: both
      .flatMap(({ earlier, test }) => toRuntimeChange(earlier, test))
      .sort((a, b) => Math.abs(b.after_s - b.before_s) - Math.abs(a.after_s - a.before_s)),
  };
}

function gatherTests(jobs: Iterable<JobResult>): Map<string, Test> {
  const tests = new Map<string, Test>();
  for (const { name, block, target, status, reason, job_runtime_s: runtimeS } of jobs) {
    const isForOthers = reason?.kind === 'dependency' || reason?.kind === 'stopped';
    if (status === 'killed' && isForOthers) continue;
    const key = JSON.stringify([target, block, name]);
    const test = tests.get(key) ?? { name, block, target, passed: 0, failed: 0, passedS: 0 };
    tests.set(key, test);
    if (status === 'passed') {
      test.passed++;
      test.passedS += runtimeS ?? 0;
    } else test.failed++;
  }
  return tests;
}

function toComparedTest(before: Test | undefined, after: Test | undefined): ComparedTest {
  const { name = '', block = null, target = '' } = after ?? before ?? {};
  const outcomeOf = (test: Test | undefined): TestOutcome => ({
    passed: test?.passed ?? 0,
    failed: test?.failed ?? 0,
  });
  return { name, block, target, before: outcomeOf(before), after: outcomeOf(after) };
}

function toComparedRun({ run_id, started_at, makespan_s, counts }: ResultsView): ComparedRun {
  return { run_id, started_at, makespan_s, counts };
}

function compareBuckets(before: ResultsView, after: ResultsView): ComparedBucket[] {
  const old = new Map(before.buckets.map(({ signature, count }) => [signature, count]));
  const current = new Map(after.buckets.map(({ signature, count }) => [signature, count]));
  return [...new Set([...current.keys(), ...old.keys()])].map((signature) => ({
    signature,
    before: old.get(signature) ?? 0,
    after: current.get(signature) ?? 0,
  }));
}

function toRuntimeChange(before: Test, after: Test): RuntimeChange[] {
  if (before.passed === 0 || after.passed === 0) return [];
  const beforeS = before.passedS / before.passed;
  const afterS = after.passedS / after.passed;
  const changeS = Math.abs(afterS - beforeS);
  if (changeS < CHANGED_S || changeS < beforeS * CHANGED_PART) return [];
  const { name, block, target } = after;
  return [{ name, block, target, before_s: round(beforeS), after_s: round(afterS) }];
}

function round(timeS: number): number {
  return Math.round(timeS * 1000) / 1000;
}
