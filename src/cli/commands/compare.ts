// `regatta compare`: shows what is different between two runs.
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { formatComparison } from '../../reports/history-words.js';
import { compareRuns } from '../../results/compare-runs.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import type { CliStreams } from '../main.js';
import { COMPARE_COMMAND_OPTIONS } from '../option-tables.js';
import { readLookup } from '../read-lookup.js';
import { readRun } from '../read-run.js';
import { createWarner } from '../show-problems.js';

/**
 * Compares two runs, whichever way they went: a difference is no failure of the command.
 * @param named - Run ids or directories: the earlier one and, unless it is the run started last, the later one.
 * @throws UserError when there is no such run, or it has left no results.
 */
export async function compareCommand(
  [before, after]: readonly string[],
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const given = readOptions(COMPARE_COMMAND_OPTIONS, raw);
  const { scratchRoot } = readLookup(raw);
  const warn = createWarner('info', streams);
  const [earlier, later] = await Promise.all(
    [before, after].map(async (named) => {
      const { results, notices } = await readRun(findRun(named, scratchRoot));
      for (const message of notices)
        warn({ code: 'damaged-record', message: `${results.run_id}: ${message}` });
      return results;
    }),
  );
  if (earlier === undefined || later === undefined) throw new Error('two runs were read');
  const comparison = compareRuns(earlier, later);
  streams.stdout.write(
    given.format === 'json' ? `${JSON.stringify(comparison, null, 2)}\n` : formatComparison(comparison),
  );
  return ExitCode.OK;
}
