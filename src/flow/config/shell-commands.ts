// Runs the shell commands of {eval_cmd}, each text once, several at a time. Knows no config.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PendingCommand, WildcardError } from './wildcards.js';

interface Finished {
  readonly exitCode: number;
  /** Standard output and error together, without the last newline. */
  readonly output: string;
}

/** Most bytes of commands handed to one shell; the system's limit on arguments is well above. */
const BATCH_BYTES = 256 * 1024;
/** Most commands handed to one shell. A full batch starts at once, while more commands are still being asked for. */
const BATCH_COMMANDS = 64;

/** Runs its arguments one after the other, each in a subshell, and marks where each one's output ends. */
const BATCH_SCRIPT =
  'm=$1; shift; for c do ( eval "$c" ) 2>&1 </dev/null; printf "\\n%s %s\\n" "$m" $?; done';

/** Shell commands and their outputs. Commands are asked for first and run later, several in one shell. */
export class ShellCommands {
  readonly #cwd: string;
  readonly #finished = new Map<string, Finished>();
  readonly #asked = new Set<string>();
  readonly #queue: string[] = [];
  #shells = 0;
  #waiting: (() => void)[] = [];
  #failure: unknown;

  /** @param cwd - Where the commands run. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /**
   * Output of a command.
   *
   * @throws PendingCommand when it has not run yet: await `run`; WildcardError when it failed.
   */
  readonly outputOf = (command: string): string => {
    const finished = this.#finished.get(command);
    if (finished === undefined) {
      this.#ask(command);
      throw new PendingCommand();
    }
    const { exitCode, output } = finished;
    if (exitCode !== 0) throw new WildcardError({ kind: 'command-failed', command, exitCode, output });
    return output;
  };

  /**
   * Runs all that were asked for, by whomever, before this turn of the event loop ends.
   *
   * @throws Error of the system when no shell can be started.
   */
  async run(): Promise<void> {
    await nextTurn();
    this.#startShells(1);
    if (this.#shells > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  #ask(command: string): void {
    if (this.#asked.has(command)) return;
    this.#asked.add(command);
    this.#queue.push(command);
    this.#startShells(BATCH_COMMANDS);
  }

  /** Starts as many shells as there are processors, while at least `least` commands wait. */
  #startShells(least: number): void {
    const most = availableParallelism();
    while (this.#shells < most && this.#queue.length >= least) {
      const share = Math.ceil(this.#queue.length / (most - this.#shells));
      this.#shells += 1;
      void this.#runBatch(this.#takeBatch(Math.min(share, BATCH_COMMANDS)))
        .catch((error: unknown) => (this.#failure = error))
        .then(() => {
          this.#endShell();
        });
    }
  }

  #endShell(): void {
    this.#shells -= 1;
    this.#startShells(this.#waiting.length > 0 ? 1 : BATCH_COMMANDS);
    if (this.#shells > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #takeBatch(most: number): string[] {
    const batch: string[] = [];
    let bytes = 0;
    while (batch.length < most && bytes < BATCH_BYTES) {
      const command = this.#queue.shift();
      if (command === undefined) break;
      batch.push(command);
      bytes += command.length;
    }
    return batch;
  }

  async #runBatch(commands: readonly string[]): Promise<void> {
    // Nobody can print the marker by accident: it is new for every batch.
    const marker = randomBytes(16).toString('hex');
    let rest = await captureShell(['-c', BATCH_SCRIPT, 'sh', marker, ...commands], this.#cwd);
    for (const command of commands) {
      const end = new RegExp(`\\n${marker} (\\d+)\\n`).exec(rest);
      if (end === null) {
        // A command that kills its shell takes the rest of its batch with it: those run alone.
        this.#finished.set(command, await runAlone(command, this.#cwd));
        continue;
      }
      this.#finished.set(command, { exitCode: Number(end[1]), output: tidy(rest.slice(0, end.index)) });
      rest = rest.slice(end.index + end[0].length);
    }
  }
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
