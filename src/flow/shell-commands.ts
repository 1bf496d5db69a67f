// Runs the shell commands of {eval_cmd}, each text once, several at a time. Knows no config.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { PendingCommand, WildcardError } from './wildcards.js';

interface Finished {
  readonly exitCode: number;
  /** Standard output and error together, without the last newline. */
  readonly output: string;
}

/** Most bytes of commands handed to one shell; the system's limit on arguments is at least 1 MiB above it. */
const BATCH_BYTES = 256 * 1024;

/** Runs its arguments one after the other, each in a subshell, and marks where each one's output ends. */
const BATCH_SCRIPT =
  'm=$1; shift; for c do ( eval "$c" ) 2>&1 </dev/null; printf "\\n%s %s\\n" "$m" $?; done';

/** Shell commands and their outputs. Commands are asked for first and run later, together. */
export class ShellCommands {
  readonly #finished = new Map<string, Finished>();
  readonly #wanted = new Set<string>();
  readonly #cwd: string;
  #running: Promise<void> | undefined;

  /** @param cwd - Where the commands run. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /**
   * Output of a command.
   *
   * @throws PendingCommand when it has not run yet: `run` will; WildcardError when it failed.
   */
  readonly outputOf = (command: string): string => {
    const finished = this.#finished.get(command);
    if (finished === undefined) {
      this.#wanted.add(command);
      throw new PendingCommand();
    }
    const { exitCode, output } = finished;
    if (exitCode !== 0) throw new WildcardError({ kind: 'command-failed', command, exitCode, output });
    return output;
  };

  /** Runs all that were asked for, by whomever, before this turn of the event loop ends. */
  run(): Promise<void> {
    this.#running ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#running = undefined;
        this.#runWanted().then(resolve, reject);
      });
    });
    return this.#running;
  }

  /** Uses as many shells at a time as there are processors. */
  async #runWanted(): Promise<void> {
    const commands = [...this.#wanted];
    this.#wanted.clear();
    await Promise.all(splitIntoBatches(commands).map((batch) => this.#runBatch(batch)));
  }

  async #runBatch(commands: readonly string[]): Promise<void> {
    // Nobody can print the marker by accident: it is new for every batch.
    const marker = randomBytes(16).toString('hex');
    const text = await captureShell(['-c', BATCH_SCRIPT, 'sh', marker, ...commands], this.#cwd);
    let rest = text;
    for (const command of commands) {
      const end = new RegExp(`\\n${marker} (\\d+)\\n`).exec(rest);
      // A command that kills its shell takes the rest of its batch with it: run those alone, where that is an exit code.
      if (end === null) {
        this.#finished.set(command, await runAlone(command, this.#cwd));
        continue;
      }
      this.#finished.set(command, { exitCode: Number(end[1]), output: tidy(rest.slice(0, end.index)) });
      rest = rest.slice(end.index + end[0].length);
    }
  }
}

function splitIntoBatches(commands: readonly string[]): string[][] {
  const most = Math.ceil(commands.length / availableParallelism());
  const batches: string[][] = [];
  let bytes = 0;
  for (const command of commands) {
    const last = batches.at(-1);
    bytes += command.length;
    if (last === undefined || last.length >= most || bytes > BATCH_BYTES) {
      batches.push([command]);
      bytes = command.length;
    } else {
      last.push(command);
    }
  }
  return batches;
}

async function runAlone(command: string, cwd: string): Promise<Finished> {
  let exitCode = 0;
  const text = await captureShell(['-c', `( eval "$1" ) 2>&1`, 'sh', command], cwd, (code) => {
    exitCode = code;
  });
  return { exitCode, output: tidy(text) };
}

function captureShell(
  args: readonly string[],
  cwd: string,
  onExit?: (code: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn('/bin/sh', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    shell.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    shell.on('error', reject);
    shell.on('close', (code, signal) => {
      onExit?.(code ?? (signal === null ? 1 : 128));
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** One newline at the end is the command's way to end its last line; line ends are `\n`. */
function tidy(output: string): string {
  return output.replaceAll('\r\n', '\n').replace(/\n$/, '');
}
