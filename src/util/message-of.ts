// The words of whatever was thrown.

/** The message of an error; anything else that was thrown, as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What the system says of its error, without the call and the paths that Node adds: whoever tells it names the path. */
export function systemWordsOf(thrown: unknown): string {
  return messageOf(thrown).replace(/, \w+(?: '.*')?$/s, '');
}
