// Has a run recorded in the history, and asks what history makes of its failures. A history that cannot be used is a warning.
import { join } from 'node:path';
import type { Problem } from '../model/problem.js';
import { openHistory, wordFailure, type HistoryFile } from '../results/history/history-file.js';
import { listPastJobs, listSecondTries } from '../results/history/past-run.js';
import type { BucketRepro } from '../results/buckets/repro.js';
import { recordRun } from '../results/history/record-run.js';
import { readTriage, type Triage } from '../results/history/triage.js';
import type { RunFacts } from '../results/run-facts.js';
import type { RunRecord } from '../results/run-record.js';
import type { Counts } from '../results/schema.js';

/** How long the end of a run waits for another run that writes. */
const PATIENCE_MS = 10_000;

/** The file the user has chosen for the history, else that of all runs in a folder. */
export function findHistory(
  { historyFile }: { readonly historyFile: string | null },
  runsFolder: string,
): string {
  return historyFile ?? join(runsFolder, 'history.sqlite');
}

/** An ended run, and how it was started. */
export interface EndedRun {
  readonly record: RunRecord;
  readonly counts: Counts;
  readonly exitCode: number;
  readonly facts: Pick<RunFacts, 'git' | 'input'>;
  /** What came of running failures again; default: none were. */
  readonly repros?: Iterable<BucketRepro>;
}

/** Opens the history, has it used, and closes it. Null, after a warning, when it cannot be used. */
async function withHistory<T>(
  path: string,
  warn: (problem: Problem) => void,
  use: (history: HistoryFile) => T,
): Promise<T | null> {
  const opened = await openHistory(path, { timeoutMs: PATIENCE_MS });
  if (opened.kind === 'unavailable') {
    warn({ code: 'history', message: opened.message });
    return null;
  }
  try {
    return use(opened.history);
  } catch (error) {
    warn({ code: 'history', message: wordFailure(path, error) });
    return null;
  } finally {
    opened.history.close();
  }
}

/** Records the run, anew if it is known. @returns what history says of its failures; null when there is no history. */
export async function keepHistory(
  path: string,
  { record, counts, exitCode, facts, repros = [] }: EndedRun,
  warn: (problem: Problem) => void,
): Promise<Triage | null> {
  const { runId, startedAtMs, endedAtMs } = record;
  const { git, input } = facts;
  return withHistory(path, warn, (history) => {
    recordRun(history, {
      runId,
      startedAtMs,
      endedAtMs,
      exitCode,
      revision: git ? `${git.commit}${git.dirty ? '+dirty' : ''}` : null,
      input: input ?? null,
      counts,
      jobs: listPastJobs(record),
      secondTries: listSecondTries(record, repros),
    });
    return readTriage(history, runId);
  });
}
