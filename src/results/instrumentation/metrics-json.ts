// The text of metrics.json: one line a job. Knows no files.
import { formatItems } from '../format-items.js';
import type { MetricsView } from './schema.js';

/** The text in pieces; together they are one JSON object. */
export function* formatMetricsJson(metrics: MetricsView): Generator<string> {
  const { jobs, ...run } = metrics;
  yield `${JSON.stringify(run).slice(0, -1)},\n"jobs": [`;
  yield* formatItems(jobs);
  yield ']}\n';
}
