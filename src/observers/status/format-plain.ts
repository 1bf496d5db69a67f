// Writes rows of a snapshot as plain log lines, for pipes, files and CI. Pure.
import { JOB_STATUSES, STATUS_LETTER } from '../../model/status.js';
import { formatDuration } from '../../util/format-duration.js';
import { countEnded, percentEnded, type RowSnapshot } from './snapshot.js';

/**
 * `[1m40s] run: 22% S 1200 Q 30 R 16 P 340 F 3 K 0 T 1589, ETA 12m30s`, or, for a target whose jobs have all ended,
 * `[1m40s] build: done S 0 Q 0 R 0 P 2 F 0 K 0 T 2, took 1m12s`.
 *
 * @param row - A target.
 * @param sinceStartMs - Time since the run's start, in milliseconds.
 */
export function formatPlainRow(row: RowSnapshot, sinceStartMs: number): string {
  const counts = JOB_STATUSES.map((status) => `${STATUS_LETTER[status]} ${row.counts[status]}`).join(' ');
  const isDone = countEnded(row.counts) === row.total;
  const progress = isDone ? 'done' : `${percentEnded(row)}%`;
  const line = `[${formatDuration(sinceStartMs)}] ${row.name}: ${progress} ${counts} T ${row.total}`;
  if (!isDone) return row.etaMs === null ? line : `${line}, ETA ${formatDuration(row.etaMs)}`;
  return row.elapsedMs === null ? line : `${line}, took ${formatDuration(row.elapsedMs)}`;
}
