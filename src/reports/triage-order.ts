// Puts what is new in a run before what is known. Pure; knows no layout.
import type { Bucket, BucketTriage } from '../results/index.js';

/** A bucket with what history knows of it; undefined where there is no history. */
export interface TriagedBucket<B extends Bucket> {
  readonly bucket: B;
  readonly triage: BucketTriage | undefined;
}

/** New buckets first, otherwise in their order. */
export function orderByNews<B extends Bucket>(
  buckets: readonly B[],
  triage: readonly BucketTriage[],
): TriagedBucket<B>[] {
  const known = new Map(triage.map((one) => [one.signature, one]));
  const all = buckets.map((bucket) => ({ bucket, triage: known.get(bucket.signature) }));
  const isNew = (one: TriagedBucket<B>): boolean => one.triage?.state === 'new';
  return [...all.filter(isNew), ...all.filter((one) => !isNew(one))];
}
