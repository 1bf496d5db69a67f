// Entry of the command line: arguments in, exit code out. Knows the options that need no input.
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
 * @returns The exit code of the process. Bad usage is a code and a message, never an exception.
 */
export async function main(argv: readonly string[], streams: CliStreams = process): Promise<ExitCode> {
  // Answered before the option parser is loaded: scripts ask for the version often.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    streams.stdout.write(`${readVersion()}\n`);
    return ExitCode.OK;
  }
  return parseCommandLine(argv, streams);
}

async function parseCommandLine(argv: readonly string[], streams: CliStreams): Promise<ExitCode> {
  const { Command, CommanderError } = await import('commander');
  const program = new Command('regatta')
    .description('Event-driven scheduler for hardware design-verification regressions')
    .version(readVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return ExitCode.USAGE;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return ExitCode.OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    throw error;
  }
}
