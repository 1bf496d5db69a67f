// What the system allows for one text passed to a program. Knows no program.

/**
 * Linux's limit for one argument or environment string with its NUL (MAX_ARG_STRLEN, 32 pages), in bytes.
 * The limit of all of them together depends on the machine's stack limit, so only the launch can tell.
 */
export const MAX_ARGUMENT_BYTES = 131_072;

const utf8 = new TextEncoder();

/** What a text takes as an argument or environment string, in bytes. */
export function countArgumentBytes(text: string): number {
  return utf8.encode(text).length + 1;
}
