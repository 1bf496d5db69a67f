// Learns from past runs how long jobs take, and orders those of one weight by it, the longest first. Knows no run.
import { existsSync } from 'node:fs';
import type { JobSpec } from '../model/job-spec.js';
import { rankJobs } from '../policy/priority.js';
import { readExpectedDurations, type ExpectedDurations } from '../results/history/expected-durations.js';
import { openHistory } from '../results/history/history-file.js';
import { FAKE } from './backend-names.js';
import type { CheckedJobs } from './check-jobs.js';
import { findHistory } from './keep-history.js';
import type { RunOptions } from './run-options.js';

/** The start of a run is not held up for a better order. */
const PATIENCE_MS = 500;

/** The history that may say how long the jobs of a run take; null when it would be no use. */
export function findTeacher(options: RunOptions, runsFolder: string): string | null {
  return options.dryRun || options.virtualClock ? null : findHistory(options, runsFolder);
}

/**
 * The same jobs with what the history knows of their run times, and in a better order where it knows one: what takes long and
 * starts last is what a run ends with.
 * Pretended jobs stay in their order: nothing is learned from pretending.
 *
 * @param path - The history; null: keep the order.
 */
export async function orderByLearned(checked: CheckedJobs, path: string | null): Promise<CheckedJobs> {
  const isPretended = checked.backendNames.every((name) => name === FAKE);
  if (path === null || isPretended || !existsSync(path)) return checked;
  const opened = await openHistory(path, { timeoutMs: PATIENCE_MS });
  // The end of the run, which has to write to it, will say what is wrong with it.
  if (opened.kind === 'unavailable') return checked;
  try {
    const expected = readExpectedDurations(opened.history);
    const ranking = rankJobs(checked.graph.jobs, (spec) => [spec.weight, durationClass(spec, expected)]);
    return ranking.kind === 'ranked' ? { ...checked, order: ranking.order, expectedMsOf: expected } : checked;
  } catch {
    // As above: a run is better begun in its own order than not at all.
    return checked;
  } finally {
    opened.history.close();
  }
}

/**
 * 0 up to a second, and one more each time the duration doubles: jobs that take about as long keep the order they were declared in,
 * and so do those of a few instants, whose order makes no difference. What is not known counts as short.
 */
function durationClass(spec: JobSpec, expected: ExpectedDurations): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, expected(spec) ?? 0) / 1000)));
}
