// Quotes text for a POSIX shell. Knows no command.

/** The text as one word of a POSIX shell; as it is when it plainly needs no quotes. */
export function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
