// `regatta repro`: the script that runs one job of a run by hand, or its run at this terminal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { formatScript } from '../../backends/scratch/job-files.js';
import type { RawOptions } from '../../flow/options/read-options.js';
import { escapeControls, UserError } from '../../model/problem.js';
import type { JobSpec } from '../../model/job-spec.js';
import { makeDirectories } from '../../util/make-directories.js';
import { messageOf } from '../../util/message-of.js';
import { ExitCode } from '../exit-codes.js';
import { findJob } from '../find-job.js';
import type { CliStreams } from '../main.js';
import { findRunOfJob } from '../read-lookup.js';
import { readRunRecord } from '../run-record.js';

/**
 * Prints the script, or runs the job with `--exec`: then the exit code tells whether it passed by its own.
 * @throws UserError when there is no such run or job.
 */
export async function reproCommand(named: string, raw: RawOptions, streams: CliStreams): Promise<ExitCode> {
  const { source } = await readRunRecord(findRunOfJob(raw));
  const spec = source.jobs[findJob(named, source.jobs)];
  if (spec === undefined) throw new Error('a job that was found is not there');
  if (raw['exec'] === true) return runByHand(spec, streams);
  streams.stdout.write(formatScript(spec));
  return ExitCode.OK;
}

async function runByHand(spec: JobSpec, streams: CliStreams): Promise<ExitCode> {
  const { cmd, exports, odir, fullName } = spec;
  try {
    makeDirectories(odir);
  } catch (error) {
    throw new UserError({ code: 'unwritable-odir', message: `cannot make ${odir}: ${messageOf(error)}` });
  }
  const child = spawn('/bin/sh', ['-c', cmd], {
    cwd: odir,
    env: { ...process.env, ...exports, PWD: odir },
    stdio: 'inherit',
  });
  // The terminal's signals reach the job by themselves; it decides, and then we end.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (code === 0) return ExitCode.OK;
    const how = signal === null ? `exit code ${code ?? '?'}` : `ended by ${signal}`;
    streams.stderr.write(`regatta: ${escapeControls(fullName)}: ${how}\n`);
    return ExitCode.JOBS_FAILED;
  } finally {
    process.off('SIGINT', ignore);
  }
}
