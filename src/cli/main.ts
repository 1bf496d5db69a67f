// Entry of the command line: arguments in, exit code out. Loads a command only when it is called.
import { closeSync, openSync } from 'node:fs';
import { describeThrown } from '../util/message-of.js';
import { ExitCode } from './exit-codes.js';
import { readVersion } from './version.js';

/** The two places the command line writes to; `process` is one. */
export interface CliStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * Runs one command line to its end. Called once, by `bin/regatta`, which hands the code to the process.
 *
 * @param argv - The arguments after the program's name.
 * @param streams - Where to write; default: the process's own streams.
 * @returns The exit code of the process. Bad usage and bad input are a code and a message, never an exception.
 */
export async function main(argv: readonly string[], streams: CliStreams = process): Promise<ExitCode> {
  if (streams === process) tolerateLostOutput();
  // Answered before the option parser is loaded: scripts ask for the version often.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    streams.stdout.write(`${readVersion()}\n`);
    return ExitCode.OK;
  }
  const noteEnd = streams === process ? tellEarlyEnd() : undefined;
  try {
    return await callCommand(argv, streams);
  } catch (error) {
    // First, for nothing more can be loaded then.
    if (isOutOfFiles(error)) {
      streams.stderr.write(
        'regatta: error: this process may not open enough files to start (raise the limit: ulimit -n 1024)\n',
      );
      return ExitCode.USAGE;
    }
    if ((error as NodeJS.ErrnoException).syscall === 'uv_cwd') {
      streams.stderr.write('regatta: error: the working directory is gone (change to one that is there)\n');
      return ExitCode.USAGE;
    }
    const { UserError } = await import('../model/problem.js');
    if (error instanceof UserError) {
      const { formatProblems } = await import('./show-problems.js');
      streams.stderr.write(formatProblems('error', error.problems));
      return ExitCode.USAGE;
    }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    streams.stderr.write(`regatta: internal error, please report it: ${detail}\n`);
    return ExitCode.INTERNAL;
  } finally {
    noteEnd?.();
  }
}

async function callCommand(argv: readonly string[], streams: CliStreams): Promise<ExitCode> {
  const { parseArguments } = await import('./parser.js');
  const { COMMANDS } = await import('./option-tables.js');
  const parsed = parseArguments(argv, COMMANDS, readVersion());
  if (parsed.kind === 'text') {
    streams.stdout.write(parsed.text);
    return ExitCode.OK;
  }
  const { args, raw } = parsed;
  const [input = ''] = args;
  switch (parsed.name) {
    case 'run': {
      const { startSpareLauncher } = await import('./spare-launcher.js');
      const spare = startSpareLauncher(raw);
      try {
        const { runCommand } = await import('./commands/run.js');
        return await runCommand(input, raw, { streams, spare });
      } finally {
        spare?.dispose();
      }
    }
    case 'graph': {
      const { graphCommand } = await import('./commands/graph.js');
      return graphCommand(input, raw, streams);
    }
    case 'report': {
      const { reportCommand } = await import('./commands/report.js');
      return reportCommand(args[0], raw, streams);
    }
    case 'resume': {
      const { resumeCommand } = await import('./commands/resume.js');
      return resumeCommand(args[0], raw, streams);
    }
    case 'rerun': {
      const { rerunCommand } = await import('./commands/rerun.js');
      return rerunCommand(args[0], raw, streams);
    }
    case 'status': {
      const { statusCommand } = await import('./commands/status.js');
      return statusCommand(args[0], raw, streams);
    }
    case 'why': {
      const { whyCommand } = await import('./commands/why.js');
      return whyCommand(input, raw, streams);
    }
    case 'repro': {
      const { reproCommand } = await import('./commands/repro.js');
      return reproCommand(input, raw, streams);
    }
    case 'kill': {
      const { killCommand } = await import('./commands/kill.js');
      return killCommand(args[0], raw, streams);
    }
    case 'history': {
      const { historyCommand } = await import('./commands/history.js');
      return historyCommand(args[0], raw, streams);
    }
    case 'compare': {
      const { compareCommand } = await import('./commands/compare.js');
      return compareCommand(args, raw, streams);
    }
    case 'doctor': {
      const { doctorCommand } = await import('./commands/doctor.js');
      return doctorCommand(raw, streams);
    }
    default: {
      const { listCommand } = await import('./commands/list.js');
      return listCommand(args, raw, streams);
    }
  }
}

/**
 * What nobody catches, as in a timer of a plugin, ends the process in our own words. While a run is driven, whoever drives it stops it in
 * order; and when all is done it is of no consequence. An end that nobody here has asked for is never taken for success.
 *
 * @returns Tells it that all is done.
 */
function tellEarlyEnd(): () => void {
  let isOver = false;
  process.on('uncaughtException', (error) => {
    if (isOver || process.listenerCount('uncaughtException') > 1) return;
    isOver = true;
    process.stderr.write(`regatta: error: nobody caught ${describeThrown(error)}\n`);
    process.exit(ExitCode.INTERNAL);
  });
  process.on('exit', () => {
    if (isOver) return;
    process.stderr.write(
      'regatta: error: the process ended before its work was done (does a plugin call process.exit?)\n',
    );
    process.exitCode = ExitCode.INTERNAL;
  });
  return () => (isOver = true);
}

/**
 * What cannot be written, on a full disk or a terminal that is gone, must not end a run. Of stderr nobody can be told; of stdout
 * it is told once, and the exit code says so where all else went well. A reader that has seen enough (`| head`) is no error.
 */
function tolerateLostOutput(): void {
  process.stderr.on('error', () => undefined);
  let isTold = false;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || isTold) return;
    isTold = true;
    process.stderr.write(`regatta: error: cannot write to stdout: ${message}\n`);
    process.once('exit', (exitCode) => {
      if (exitCode === ExitCode.OK) process.exitCode = ExitCode.INTERNAL;
    });
  });
}

/** Fewer than a run needs beside what is open when it starts. */
const FILES_NEEDED = 64;

/** What Node makes of a module or its package.json that it could not open, beside the system's own errors. */
const LOADING_ERRORS = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_INVALID_PACKAGE_CONFIG']);

/**
 * Before a run, loading our own modules and opening its backends can run out of file descriptors; later on it is a matter of single jobs.
 * Which of them does depends on the version of Node.
 */
function isOutOfFiles(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '', cause } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') return true;
  return (LOADING_ERRORS.has(code) && !canOpenFiles(FILES_NEEDED)) || isOutOfFiles(cause);
}

function canOpenFiles(count: number): boolean {
  const files: number[] = [];
  try {
    while (files.length < count) files.push(openSync('/dev/null', 'r'));
    return true;
  } catch {
    return false;
  } finally {
    files.forEach(closeSync);
  }
}
