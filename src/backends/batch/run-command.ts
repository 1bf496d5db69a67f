// Runs one program of an engine: no shell, a time limit, bounded output. Knows no engine.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { codeOf, describeCode } from '../scratch/system-error.js';
import type { BatchEngine, CommandAnswer, EngineCommand } from './engine.js';
import { definedOnly } from '../../util/defined-only.js';

/** What became of a call. Only `absent` is certain to have had no effect. */
type CommandResult =
  | { readonly kind: 'answered'; readonly answer: CommandAnswer }
  /** It could not be started. */
  | { readonly kind: 'absent'; readonly message: string }
  /** It took too long, said too much, or was killed; whatever it was to do may have been done. */
  | { readonly kind: 'cut-short'; readonly message: string };

/** Runs engine commands; passed in, so that tests can watch. */
export type CommandRunner = (command: EngineCommand) => Promise<CommandResult>;

const MAX_STDOUT = 64 * 1024 * 1024;
const MAX_STDERR = 64 * 1024;

/** What the environment of an engine's programs depends on. */
type EngineVariables = Pick<BatchEngine, 'taskVariable' | 'withheldVariables'>;

/**
 * A runner that takes programs from PATH and ends them after `timeoutMs`. Their environment is ours, without what the engine withholds.
 * They are in a group of their own, so that Ctrl-C at the terminal does not end them in the middle of what they do. Never rejects.
 */
export function createCommandRunner(engine: EngineVariables, timeoutMs: number): CommandRunner {
  return (command) =>
    new Promise((resolve) => {
      const call = { ...command, environment: { ...environmentFor(engine), ...command.environment } };
      try {
        new RunningCommand(call, timeoutMs, resolve);
      } catch (error) {
        // Node throws at once where arguments and environment are too large together.
        resolve(absent(command, error));
      }
    });
}

function environmentFor({ taskVariable, withheldVariables }: EngineVariables): Record<string, string> {
  const entries = Object.entries(definedOnly(process.env)).filter(
    ([name]) => name !== taskVariable && withheldVariables?.test(name) !== true,
  );
  return Object.fromEntries(entries);
}

function absent({ program }: EngineCommand, error: unknown): CommandResult {
  return { kind: 'absent', message: `cannot run ${program}: ${describeCode(codeOf(error))}` };
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** One call under way. */
class RunningCommand {
  readonly #command: EngineCommand;
  readonly #child: Child;
  readonly #timer: NodeJS.Timeout;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #stdoutBytes = 0;
  #stderrBytes = 0;
  /** Why we ended it. */
  #cut: string | null = null;
  #hasStalled = false;

  constructor(command: EngineCommand, timeoutMs: number, resolve: (result: CommandResult) => void) {
    this.#command = command;
    const { program, args, stdin, environment } = command;
    this.#child = spawn(program, args, {
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: environment,
      detached: true,
    }) as Child;
    this.#timer = setTimeout(() => {
      this.#end(`did not answer within ${timeoutMs / 1000} s`);
    }, timeoutMs);
    this.#child.on('error', (error) => {
      clearTimeout(this.#timer);
      resolve(absent(command, error));
    });
    this.#child.on('close', (exitCode, signal) => {
      clearTimeout(this.#timer);
      resolve(this.#result(exitCode, signal));
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#takeOutput(chunk);
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#takeComplaint(chunk);
    });
    // A program that does not read what it is given says so by its exit code.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdin?.end(stdin);
  }

  #takeOutput(chunk: Buffer): void {
    this.#stdoutBytes += chunk.length;
    if (this.#stdoutBytes > MAX_STDOUT) this.#end(`said more than ${MAX_STDOUT / 1024 / 1024} MiB`);
    else this.#stdout.push(chunk);
  }

  #takeComplaint(chunk: Buffer): void {
    if (this.#stderrBytes >= MAX_STDERR) return;
    this.#stderrBytes += chunk.length;
    this.#stderr.push(chunk);
    const { stallsOn } = this.#command;
    if (stallsOn === undefined || !stallsOn.test(Buffer.concat(this.#stderr).toString())) return;
    this.#hasStalled = true;
    this.#kill();
  }

  #end(why: string): void {
    this.#cut ??= why;
    this.#kill();
  }

  #kill(): void {
    // The whole group: a wrapper script of the site's may have started the real program.
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile; its close event tells the rest.
    }
  }

  #result(exitCode: number | null, signal: NodeJS.Signals | null): CommandResult {
    const { program } = this.#command;
    if (this.#cut !== null) return { kind: 'cut-short', message: `${program} ${this.#cut}` };
    const code = this.#hasStalled ? 1 : exitCode;
    if (code === null)
      return { kind: 'cut-short', message: `${program} was ended by ${signal ?? 'a signal'}` };
    const answer = {
      exitCode: code,
      stdout: Buffer.concat(this.#stdout).toString(),
      stderr: Buffer.concat(this.#stderr).toString(),
    };
    return { kind: 'answered', answer };
  }
}
