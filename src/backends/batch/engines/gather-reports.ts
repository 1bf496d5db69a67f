// Makes one answer of what was read of each entry of a list. Knows no engine.
import type { QueryReply, TaskReport } from '../engine.js';

/** What an entry is: a report, `foreign` (another's, or nothing to tell), or null: it makes no sense. */
export type ReadEntry = TaskReport | 'foreign' | null;

/** The reports among entries, and how many entries make no sense. */
export function gatherReports(entries: readonly ReadEntry[]): QueryReply {
  return {
    kind: 'answered',
    reports: entries.filter((entry) => entry !== null && entry !== 'foreign'),
    garbled: entries.filter((entry) => entry === null).length,
  };
}
