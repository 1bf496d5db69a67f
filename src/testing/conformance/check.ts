// One check of the conformance suite: opens the backend, lets the check work it, and goes through the books. Knows no check's subject.
import type { ConformanceHarness, JobBehaviour } from './harness.js';
import { Witness } from './witness.js';

/** One sentence of a backend's contract, as something to try. */
export interface ConformanceCheck {
  /** What a backend that conforms does, e.g. `a second kill is harmless`. */
  readonly name: string;
  /** Jobs the check needs; it does not apply to a backend that lacks one of them. */
  readonly needs: readonly JobBehaviour[];
  /**
   * Tries it. Besides the check's own subject, every check requires that each accepted attempt ended exactly once, that nothing
   * else was reported, and that nothing is left after `close`.
   * @throws ContractBroken, or what the backend threw.
   */
  readonly run: (harness: ConformanceHarness) => Promise<void>;
}

/** A check before it is wrapped. */
interface CheckBody {
  readonly name: string;
  readonly needs: readonly JobBehaviour[];
  /** Default: an hour, so that a kill that ends a stubborn job cannot have waited for it. */
  readonly killGraceMs?: number;
  readonly body: (witness: Witness) => Promise<void>;
}

const LONG_GRACE_MS = 3_600_000;

/** Wraps a check so that it ends in the books, whichever way it ends. */
export function makeCheck({ name, needs, killGraceMs = LONG_GRACE_MS, body }: CheckBody): ConformanceCheck {
  const run = async (harness: ConformanceHarness): Promise<void> => {
    const witness = await Witness.open(harness, killGraceMs);
    try {
      await body(witness);
    } catch (error) {
      // What the books say so far is nearer to the cause than a wait in vain; what close adds is a consequence.
      const cause = witness.findBreach(error) ?? error;
      await witness.close().catch(() => undefined);
      throw cause;
    }
    await witness.finish();
  };
  return { name, needs, run };
}

/** Whether a backend has the jobs that a check needs. */
export function appliesTo(check: ConformanceCheck, { jobs }: Pick<ConformanceHarness, 'jobs'>): boolean {
  return check.needs.every((behaviour) => jobs[behaviour] !== undefined);
}
