// The jobs of a run as CSV (RFC 4180), a line each, for spreadsheets and data frames. Knows no files.
import type { Bucket, JobResult } from '../results/index.js';
import { toPlainText } from './plain-text.js';
import type { ReportView } from './report-view.js';

type Cell = string | number | null | undefined;

/** Fields of a job that are one word or number. */
type PlainField = Exclude<keyof JobResult, 'reason' | 'leftovers'>;

interface Column {
  readonly title: string;
  readonly read: (job: JobResult, bucket: Bucket | undefined) => Cell;
}

const field = (title: PlainField): Column => ({ title, read: (job) => job[title] });

/** In this order; columns are added at the end only. */
const COLUMNS: readonly Column[] = [
  ...(
    ['full_name', 'name', 'qual_name', 'target', 'job_type', 'block', 'tool', 'backend', 'seed'] as const
  ).map(field),
  field('status'),
  { title: 'reason_kind', read: ({ reason }) => reason?.kind },
  { title: 'reason_message', read: ({ reason }) => reason?.message },
  { title: 'reason_line', read: ({ reason }) => reason?.line },
  { title: 'bucket', read: (_, bucket) => bucket?.signature },
  ...(['attempts', 'exit_code', 'signal', 'queued_s', 'job_runtime_s', 'simulated_time_us'] as const).map(
    field,
  ),
  ...(['started_at', 'ended_at', 'odir', 'log_path', 'cpu_s', 'max_rss_kib'] as const).map(field),
  { title: 'leftovers', read: ({ leftovers }) => leftovers?.join('; ') },
  { title: 'repro', read: (_, bucket) => bucket?.repro?.outcome },
  { title: 'repro_log_path', read: (_, bucket) => bucket?.repro?.log_path },
];

/** The text in pieces: a line of titles, then a line a job. Unknown values are empty cells. */
export function* formatCsv({ results }: ReportView): Generator<string> {
  const bucketOf = new Map(
    results.buckets.flatMap((bucket) => bucket.jobs.map((job) => [job, bucket] as const)),
  );
  yield `${COLUMNS.map(({ title }) => title).join(',')}\r\n`;
  for (const job of results.jobs) {
    const bucket = bucketOf.get(job.full_name);
    yield `${COLUMNS.map(({ read }) => formatCell(read(job, bucket))).join(',')}\r\n`;
  }
}

function formatCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = toPlainText(value);
  // A spreadsheet takes such text for a formula, and formulas can run programs: a quote before it makes it text.
  const text = /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
