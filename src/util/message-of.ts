// The words of whatever was thrown.

/** The message of an error; anything else that was thrown, as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What the system says of its error, without the call and the paths that Node adds: whoever tells it names the path. */
export function systemWordsOf(thrown: unknown): string {
  return messageOf(thrown).replace(/, \w+(?: '.*')?$/s, '');
}

/** The message of whatever was thrown, with its place in the code: where nobody caught it, that is all there is to find its maker by. */
export function describeThrown(thrown: unknown): string {
  const [, place] = (thrown instanceof Error && /\n *at (.*)/.exec(thrown.stack ?? '')) || [];
  return `"${messageOf(thrown)}"${place === undefined ? '' : `, thrown at ${place}`}`;
}
