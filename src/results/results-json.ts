// The text of results.json: one line a job, so that a line tool can read it too. Knows no files.
import { formatItems } from './format-items.js';
import type { ResultsView } from './schema.js';

/**
 * The text in pieces; together they are one JSON object.
 * @param more - Lists that a report adds, by field.
 */
export function* formatResultsJson(
  results: ResultsView,
  more: Readonly<Record<string, Iterable<object>>> = {},
): Generator<string> {
  const { jobs, buckets, ...run } = results;
  yield `${JSON.stringify(run).slice(0, -1)},\n"jobs": [`;
  yield* formatItems(jobs);
  yield '],\n"buckets": [';
  yield* formatItems(buckets);
  for (const [field, items] of Object.entries(more)) {
    yield `],\n${JSON.stringify(field)}: [`;
    yield* formatItems(items);
  }
  yield ']}\n';
}
