// The text of results.json: one line a job, so that a line tool can read it too. Knows no files.
import { formatItems } from './format-items.js';
import type { ResultsView } from './schema.js';

/** The text in pieces; together they are one JSON object. */
export function* formatResultsJson(results: ResultsView): Generator<string> {
  const { jobs, buckets, ...run } = results;
  yield `${JSON.stringify(run).slice(0, -1)},\n"jobs": [`;
  yield* formatItems(jobs);
  yield '],\n"buckets": [';
  yield* formatItems(buckets);
  yield ']}\n';
}
