// Words for what came of running failures again. Pure; knows no layout, and escapes nothing.
import { REPRO_OUTCOMES } from '../results/buckets/repro.js';
import type { Bucket, BucketRepro } from '../results/index.js';
import { unreachable } from '../util/unreachable.js';

/** In one line, the outcome first: `FLAKY: uart:0.smoke passed`. */
export function wordRepro({ outcome, job, status, message, signature }: BucketRepro): string {
  switch (outcome) {
    case 'deterministic':
      return `DETERMINISTIC: ${job} failed in the same way`;
    case 'flaky':
      return `FLAKY: ${job} ${status === 'passed' ? 'passed' : `failed in another way: ${signature ?? message ?? ''}`}`;
    case 'infrastructure':
      return `INFRASTRUCTURE: ${job} ${status === 'passed' ? 'passed' : `${status}: ${message ?? ''}`}`;
    default:
      return unreachable(outcome);
  }
}

/** How many buckets had a failure run again, and what came of them; null when none had. */
export function countRepros(buckets: readonly Bucket[]): string | null {
  const repros = buckets.flatMap(({ repro }) => repro ?? []);
  if (repros.length === 0) return null;
  const counts = REPRO_OUTCOMES.map((outcome) => {
    return `${repros.filter((one) => one.outcome === outcome).length} ${outcome}`;
  });
  return `${repros.length} ${repros.length === 1 ? 'kind' : 'kinds'} of failure run again: ${counts.join(', ')}`;
}
