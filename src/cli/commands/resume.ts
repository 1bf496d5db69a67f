// `regatta resume`: goes on with a run that was interrupted.
import { dirname } from 'node:path';
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { Journal, type JournalOptions } from '../../journal/index.js';
import { lockRun } from '../../journal/run-lock.js';
import { UserError } from '../../model/problem.js';
import { concludeRun, executeRun } from '../execute-run.js';
import { prepareOutputs } from '../prepare-outputs.js';
import type { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import { findTeacher, orderByLearned } from '../learned-order.js';
import type { CliStreams } from '../main.js';
import { RESUME_COMMAND_OPTIONS } from '../option-tables.js';
import { checkOutput, checkPastRun, recallPast, replayPastRun } from '../past-run.js';
import { readLookup } from '../read-lookup.js';
import { readKeptFlow, readRunRecord, type RunOrigin } from '../run-record.js';

/**
 * Runs what is left of a run: what passed or failed stays, what was with a backend is adopted or runs again.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError when another process drives it, or it cannot go on; nothing has run then.
 */
export async function resumeCommand(
  named: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  // Checked by themselves, so that what is wrong with them is said of them.
  readOptions(RESUME_COMMAND_OPTIONS, raw);
  const { scratchRoot, given } = readLookup(raw);
  const path = findRun(named, scratchRoot);
  const lock = lockRun(path);
  try {
    const record = await readRunRecord(path);
    refuseRound(record.origin);
    const run = await checkPastRun(record, given);
    const { directory, origin, end, state } = record;
    const { checked, options } = run;
    const setting = {
      ...{ runId: origin.run_id, checked, options, facts: origin },
      flow: await readKeptFlow(path),
      kept: {
        directory,
        session: lock.session,
        openJournal: (settings: JournalOptions) => Journal.reopen(settings, end.validBytes),
      },
    };
    if (state.isComplete) {
      streams.stderr.write(`regatta: run ${origin.run_id} is over: no job of it is left to be run\n`);
      return await concludeRun(setting, replayPastRun(record), streams);
    }
    checkOutput(run);
    await prepareOutputs(options);
    const learned = await orderByLearned(checked, findTeacher(options, dirname(directory.path)));
    // A run that died before it began has no past.
    const past = state.begin === null ? {} : { past: recallPast(run) };
    return await executeRun({ ...setting, checked: learned, ...past }, streams);
  } finally {
    lock.release();
  }
}

/** What tries failures again is part of a run, and goes on with it. */
function refuseRound({ run_id: id, repro }: RunOrigin): void {
  if (repro === undefined) return;
  throw new UserError({
    code: 'part-of-a-run',
    message: `${id} tries failures of run ${repro.of} again`,
    hint: `resume that run: regatta resume ${repro.of}`,
  });
}
