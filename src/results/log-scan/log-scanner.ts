// Reads the logs of a run off the main thread: short ones on one lane, large ones on another, so that neither waits for the other kind.
import { ScanLane } from './lane.js';
import type { ScanReply, ScanRequest } from './protocol.js';

/** Default of how long the patterns of a job may take on one piece (512 KiB) of its log: 500 times what is usual, and more. */
const MATCH_LIMIT_MS = 20_000;

/** Options of a {@link LogScanner}. */
export interface LogScannerOptions {
  /** How long patterns may run on one piece of a log before the job is given up. Default 20,000 ms. */
  readonly matchLimitMs?: number;
}

/** Scans logs in threads that are started when first needed. */
export class LogScanner {
  readonly #short: ScanLane;
  readonly #large: ScanLane;

  constructor({ matchLimitMs = MATCH_LIMIT_MS }: LogScannerOptions = {}) {
    this.#short = new ScanLane(matchLimitMs);
    this.#large = new ScanLane(matchLimitMs);
  }

  /** Never rejects. */
  async scan(request: Omit<ScanRequest, 'evenLarge'>): Promise<Exclude<ScanReply, { kind: 'too-large' }>> {
    const reply = await this.#short.scan({ ...request, evenLarge: false });
    if (reply.kind !== 'too-large') return reply;
    const large = await this.#large.scan({ ...request, evenLarge: true });
    return large.kind === 'too-large' ? { kind: 'unreadable', message: 'it was not read' } : large;
  }

  async close(): Promise<void> {
    await Promise.all([this.#short.close(), this.#large.close()]);
  }
}
