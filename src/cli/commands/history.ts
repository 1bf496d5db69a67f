// `regatta history`: shows what the history knows, of all runs or of one test.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { UserError } from '../../model/problem.js';
import { formatHistory, formatTestHistory } from '../../reports/history-words.js';
import { openHistory, wordFailure, type HistoryFile } from '../../results/history/history-file.js';
import { readOpenBuckets, readRuns, readTestRuns } from '../../results/history/read-runs.js';
import { readTests } from '../../results/history/read-tests.js';
import { suggestName } from '../../util/nearest.js';
import { ExitCode } from '../exit-codes.js';
import { RUNS_FOLDER } from '../find-run.js';
import { findHistory } from '../keep-history.js';
import type { CliStreams } from '../main.js';
import { HISTORY_COMMAND_OPTIONS } from '../option-tables.js';
import { readLookup } from '../read-lookup.js';

/** How long a reader waits for a run that writes. */
const PATIENCE_MS = 10_000;

/** Most runs, and most buckets, that are read. */
const MOST_READ = 100;

/**
 * Shows the history; of one test when `test` names it.
 * @throws UserError when there is no history, it cannot be read, or it has no such test.
 */
export async function historyCommand(
  test: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const given = readOptions(HISTORY_COMMAND_OPTIONS, raw);
  const { scratchRoot } = readLookup(raw);
  const historyFile = (given.history as string | undefined) ?? null;
  const path = findHistory({ historyFile }, join(scratchRoot, RUNS_FOLDER));
  const asJson = given.format === 'json';
  if (!existsSync(path)) {
    throw new UserError({
      code: 'no-history',
      message: `there is no history ${path}`,
      hint: 'name it with --history, or the place of its runs with --scratch-root',
    });
  }
  const opened = await openHistory(path, { timeoutMs: PATIENCE_MS });
  if (opened.kind === 'unavailable') throw new UserError({ code: 'bad-history', message: opened.message });
  const { history } = opened;
  try {
    streams.stdout.write(test === undefined ? showAll(history, asJson) : showTest(history, test, asJson));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError({ code: 'bad-history', message: wordFailure(path, error) }, { cause: error });
  } finally {
    history.close();
  }
  return ExitCode.OK;
}

function showAll(history: HistoryFile, asJson: boolean): string {
  const overview = {
    runs: readRuns(history, MOST_READ),
    buckets: readOpenBuckets(history, MOST_READ),
    tests: readTests(history, 'true'),
  };
  return asJson ? toJson(overview) : formatHistory(overview);
}

function showTest(history: HistoryFile, name: string, asJson: boolean): string {
  const tests = readTests(history, 'name = ?1', name);
  if (tests.length === 0) {
    const known = history.read('SELECT DISTINCT name FROM test').map(([known]) => String(known));
    throw new UserError({
      code: 'unknown-test',
      message: `the history has no test named ${JSON.stringify(name)}`,
      hint: suggestName(name, known),
    });
  }
  const overview = { tests, runs: readTestRuns(history, name, MOST_READ) };
  return asJson ? toJson(overview) : formatTestHistory(overview);
}

function toJson(overview: object): string {
  return `${JSON.stringify({ schema: 'regatta.history/1', ...overview }, null, 2)}\n`;
}
