// One thread that reads logs in the order asked, and its watchdog: a pattern that never ends costs its job, not the run.
import type { Worker } from 'node:worker_threads';
import type { Heartbeat, ScanReply, ScanRequest } from './protocol.js';
import { createHeartbeat } from './protocol.js';
import { startWorker } from './start-worker.js';

const LOOKS_PER_LIMIT = 20;

/** What patterns get that were given up before: enough for any log they can deal with, and little for hundreds that they cannot. */
const LOOKS_WHEN_GIVEN_UP_BEFORE = 2;

interface Waiting {
  readonly request: ScanRequest;
  readonly resolve: (reply: ScanReply) => void;
}

/** Reads logs one after the other. Its thread is started by the first request, and keeps the process alive only while one is open. */
export class ScanLane {
  readonly #matchLimitMs: number;
  /** Requests sent and not answered; the thread works on the first. */
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #heartbeat: Heartbeat = createHeartbeat();
  #watchdog: NodeJS.Timeout | undefined;
  /** Lists of patterns of which one did not end in time. */
  readonly #givenUp = new Set<string>();

  /**
   * @param matchLimitMs - How long the patterns may take on one piece of a log; a twentieth more is possible. Patterns that
   * took longer once get a tenth from then on.
   */
  constructor(matchLimitMs: number) {
    this.#matchLimitMs = matchLimitMs;
  }

  /** Never rejects. */
  scan(request: ScanRequest): Promise<ScanReply> {
    return new Promise((resolve) => {
      this.#waiting.push({ request, resolve });
      const worker = (this.#worker ??= this.#start());
      worker.ref();
      worker.postMessage(request);
      if (this.#waiting.length === 1) this.#watch();
    });
  }

  /** Ends the thread. Requests still open are answered `unreadable`. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    clearTimeout(this.#watchdog);
    while (this.#waiting.length > 0) this.#answer({ kind: 'unreadable', message: 'the run has ended' });
    await worker?.terminate();
  }

  #start(): Worker {
    this.#heartbeat = createHeartbeat();
    const worker = startWorker(this.#heartbeat);
    worker.on('message', (reply: ScanReply) => {
      if (worker === this.#worker) this.#answer(reply);
    });
    worker.on('error', (error: Error) => {
      if (worker === this.#worker) this.#giveUp(`the thread that reads logs broke: ${error.message}`);
    });
    return worker;
  }

  #answer(reply: ScanReply): void {
    this.#waiting.shift()?.resolve(reply);
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#watchdog);
    this.#worker?.unref();
  }

  /**
   * Looks, only while a request is open, whether one and the same match is still being tried. Several looks make up the
   * limit, so that a process that was stopped for a while, and sees all its timers late, takes nothing for stuck.
   */
  #watch(stuckLooks = 0): void {
    const { beats } = this.#heartbeat;
    const before = Atomics.load(beats, 0);
    const lookMs = this.#matchLimitMs / LOOKS_PER_LIMIT;
    this.#watchdog = setTimeout(() => {
      const now = Atomics.load(beats, 0);
      const looks = now === before && now % 2 !== 0 ? stuckLooks + 1 : 0;
      const patterns = this.#patternsInWork();
      const limit = this.#givenUp.has(patterns) ? LOOKS_WHEN_GIVEN_UP_BEFORE : LOOKS_PER_LIMIT;
      if (looks < limit) {
        this.#watch(looks);
        return;
      }
      this.#givenUp.add(patterns);
      this.#giveUp(
        `its patterns took more than ${(limit * lookMs) / 1000} s for one piece of it; one of them probably backtracks without end, as (a+)+$ does`,
      );
    }, lookMs);
  }

  #patternsInWork(): string {
    const request = this.#waiting[0]?.request;
    return JSON.stringify([request?.failPatterns, request?.passPatterns]);
  }

  /** Answers the request in work, and starts over with the others in a new thread. */
  #giveUp(message: string): void {
    const broken = this.#worker;
    this.#worker = undefined;
    clearTimeout(this.#watchdog);
    void broken?.terminate();
    this.#answer({ kind: 'unreadable', message });
    if (this.#waiting.length === 0) return;
    const worker = (this.#worker = this.#start());
    for (const { request } of this.#waiting) worker.postMessage(request);
    this.#watch();
  }
}
