// What a check found, and how it is told.
import { escapeControls } from '../../model/problem.js';

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'problem';
  /** What was looked at and what it is; one line. */
  readonly what: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** What was found of one backend. */
export interface Examination {
  readonly backend: string;
  readonly findings: readonly Finding[];
}

export function ok(what: string): Finding {
  return { level: 'ok', what };
}

export function note(what: string, advice?: string): Finding {
  return { level: 'note', what, advice };
}

export function problem(what: string, advice?: string): Finding {
  return { level: 'problem', what, advice };
}

/** The backend, and a line for each finding. */
export function formatExamination({ backend, findings }: Examination): string {
  const lines = findings.map(({ level, what, advice }) => {
    const mending = advice === undefined ? '' : `\n             -> ${escapeControls(advice)}`;
    return `  ${level.padEnd(7)}  ${escapeControls(what)}${mending}\n`;
  });
  return `${backend}\n${lines.join('')}`;
}
