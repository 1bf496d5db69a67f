// The run's end of a launcher process: starts it, talks to it, notices its death. Knows no job.
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FromLauncher, LauncherFacts, LauncherSettings, ToLauncher } from './launcher-messages.js';
import { encodeMessage, MessageReader } from './launcher-messages.js';
import { POOL_THREADS } from './pool-threads.js';

/** Kept of the launcher's last words, in characters. */
const MAX_LAST_WORDS = 4_000;

/**
 * Its own code runs for microseconds a job, so compiling it anew for speed, on other threads, takes more from the jobs than it
 * gives; and it must not wake up to tidy a heap of few megabytes while they run.
 */
const ENGINE_FLAGS = ['--no-opt', '--no-memory-reducer'] as const;

/** Whom a launcher process tells. */
export interface LauncherListener {
  readonly onMessage: (message: FromLauncher) => void;
  /** It is gone, asked or not. `message` says how, for people. Called once. */
  readonly onExit: (message: string) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A launcher process that comes up while its run is still being read: it takes longer to start than all else before the first
 * job. It does nothing until it is taken, keeps nobody from ending, and ends when we do.
 */
export class SpareLauncher {
  #child: Child | null = null;

  constructor() {
    // A start that fails is no trouble yet: whoever needs a launcher tries anew, and tells of that.
    try {
      this.#child = spawnLauncher().on('error', () => undefined);
      this.#child.unref();
    } catch {
      this.#child = null;
    }
  }

  /** Pid of the process while it is spare; null when it was taken or never started. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** The process, for the one who asks first; null for others, and when it is gone. */
  take(): Child | null {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return null;
    child.removeAllListeners('error').ref();
    return child;
  }

  /** Ends the process unless it was taken. */
  dispose(): void {
    this.take()?.kill('SIGKILL');
  }
}

function spawnLauncher(): Child {
  return spawn(process.execPath, [...ENGINE_FLAGS, ...findEntry()], {
    // A session of its own: signals of the terminal are for the run to interpret.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(POOL_THREADS), NODE_OPTIONS: '' },
  });
}

/** A running launcher. */
export class LauncherProcess {
  readonly facts: LauncherFacts;
  readonly #child: Child;

  private constructor(child: Child, facts: LauncherFacts) {
    this.#child = child;
    this.facts = facts;
  }

  /** Pid of the launcher. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Starts a launcher and waits until it is ready.
   *
   * @param spare - Taken rather than a new process, if it can be.
   * @throws Error when it cannot be started, or ends before it is ready.
   */
  static async start(
    settings: LauncherSettings,
    listener: LauncherListener,
    spare: SpareLauncher | null = null,
  ): Promise<LauncherProcess> {
    const child = spare?.take() ?? spawnLauncher();
    // Short of file descriptors, Node gives a child without pipes, and only then the error.
    if (child.pid === undefined) await once(child, 'spawn');
    let lastWords = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-MAX_LAST_WORDS);
    });
    // A write to a dead launcher; its exit is what counts.
    child.stdin.on('error', () => undefined);
    const reader = new MessageReader<FromLauncher>();
    return new Promise((resolve, reject) => {
      let isReady = false;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        for (const message of reader.read(text)) {
          if (message.kind !== 'ready') listener.onMessage(message);
          else {
            isReady = true;
            resolve(new LauncherProcess(child, message));
          }
        }
      });
      child.once('error', reject);
      // `close`, not `exit`: all it said is read by then. Its jobs do not hold its pipes.
      child.once('close', (exitCode: number | null, signal: string | null) => {
        const how = signal === null ? `exited with code ${String(exitCode)}` : `was ended by ${signal}`;
        const message = `the launcher process ${how}${lastWords === '' ? '' : `: ${lastWords.trim()}`}`;
        if (isReady) listener.onExit(message);
        else reject(new Error(message));
      });
      child.stdin.write(encodeMessage({ kind: 'settings', settings }));
    });
  }

  send(message: ToLauncher): void {
    this.#child.stdin.write(encodeMessage(message));
  }

  /** Resolves when the launcher has ended by itself; by force after `timeoutMs`. */
  async waitForExit(timeoutMs: number): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => {
      // A child that never came to load its program, because a file it was to open blocks, holds the pipes, though nobody writes.
      child.once('exit', () => {
        child.stdout.destroy();
        child.stderr.destroy();
      });
      child.kill('SIGKILL');
    }, timeoutMs);
    await once(child, 'close');
    clearTimeout(timer);
  }
}

/** Arguments that make Node run the launcher: its compiled entry, or, where this runs from source, the source through tsx. */
function findEntry(): readonly string[] {
  const compiled = fileURLToPath(new URL('./launcher-main.js', import.meta.url));
  if (existsSync(compiled)) return [compiled];
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(tsx).href, fileURLToPath(new URL('./launcher-main.ts', import.meta.url))];
}
