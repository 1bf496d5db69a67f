// Reads what engines print as JSON, field by field, without trust in its shape. Knows no engine.

/** An object of an answer; its values may be anything. */
export type AnswerRecord = Readonly<Record<string, unknown>>;

/** The value of a text that is JSON, from its first brace or bracket on (programs greet before it); null: it is no JSON. */
export function parseAnswer(text: string): unknown {
  const start = text.search(/[{[]/);
  if (start === -1) return null;
  try {
    return JSON.parse(text.slice(start)) as unknown;
  } catch {
    return null;
  }
}

/** A field as text, numbers too; empty where there is none. */
export function textOf(record: AnswerRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** A field as a number, or a text that is one; null where there is none. */
export function numberOf(record: AnswerRecord, field: string): number | null {
  const text = textOf(record, field);
  return /^-?\d+$/.test(text) ? Number(text) : null;
}
