// Chooses the lines of a log that tell of a failure. Pure; reads no log, only what the record kept of it.
import type { JobResult } from '../results/index.js';

/** Lines of a log; `number` is null where only their order is known. */
export interface ExcerptLine {
  readonly number: number | null;
  readonly text: string;
  /** Whether it is the line at fault. */
  readonly isFault: boolean;
}

/** The first line at fault and what came after it; where no line is at fault, the last lines. Empty where nothing is kept. */
export function findExcerpt({ reason }: JobResult): readonly ExcerptLine[] {
  if (reason === null) return [];
  const { line, message, context = [] } = reason;
  if (line === undefined) return context.map((text) => ({ number: null, text, isFault: false }));
  return [message, ...context].map((text, i) => ({ number: line + i, text, isFault: i === 0 }));
}
