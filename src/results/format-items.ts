// The items of a JSON array, one a line, so that a line tool can read them too. Knows nothing of what they are.

/** The text between the brackets, in pieces. */
export function* formatItems(items: Iterable<object>): Generator<string> {
  let separator = '\n';
  for (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',\n';
  }
  if (separator !== '\n') yield '\n';
}
