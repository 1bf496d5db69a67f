// Goes through the lines of a text without holding them all. Pure.

/** The lines without their ends (`\n` or `\r\n`); a last line without an end counts too. */
export function* eachLine(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, text[stop - 1] === '\r' && stop > start ? stop - 1 : stop);
    start = stop + 1;
  }
}
