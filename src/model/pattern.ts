// Compiles the regular expressions of pass and fail patterns. Pure; knows nothing of logs.

/** A compiled pattern, or why it is none. */
export type CompiledPattern =
  | { readonly kind: 'compiled'; readonly source: string; readonly flags: string }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Turns a pattern, written as JavaScript or in the Python dialect DVSim's users write, into a JavaScript one.
 * Python's `(?P<name>...)`, `(?P=name)`, `\A`, `\Z` and leading `(?i)` are understood.
 * `source` has line-wise anchors in mind: it is meant for the flags given (always with `m`).
 */
export function compilePattern(pattern: string): CompiledPattern {
  const inline = /^\(\?([aimsux]+)\)/.exec(pattern);
  const letters = inline?.[1] ?? '';
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replaceAll(/\(\?P</g, '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
  const flags = `m${letters.includes('i') ? 'i' : ''}${letters.includes('s') ? 's' : ''}`;
  try {
    new RegExp(source, flags);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'invalid', message: message.replace(/^Invalid regular expression: /, '') };
  }
  return { kind: 'compiled', source, flags };
}
