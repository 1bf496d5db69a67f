// Words what is wrong with the text of a job list, before any job is looked at. Knows no field.
import type { Origin } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';
import { countMembers, type JsonFacts } from './json-facts.js';
import { LineCounter } from './line-counter.js';
import { walkJson, type JsonFault } from './walk-json.js';

/** A text and where it begins. */
export interface PlacedText {
  readonly text: string;
  readonly file: string;
  /** Line of the file that the text begins in, from 1. */
  readonly firstLine: number;
}

/**
 * Why a text is not JSON.
 *
 * @param placed - A text that JSON.parse refused.
 * @param cause - What JSON.parse threw.
 * @throws `cause` should the walk accept the text, which would be a defect of ours.
 */
export function malformedText(placed: PlacedText, cause: unknown): Problem {
  const fault = walkJson(placed.text, {});
  if (fault === undefined) throw cause;
  const origins = new Origins(placed);
  return {
    code: 'malformed-json',
    message: `not JSON: ${fault.message}${describeUnclosed(fault, origins)}`,
    origin: origins.at(fault.offset),
    hint:
      fault.afterValue && placed.text.charAt(fault.offset) === '{'
        ? 'one object a line is read from *.jsonl'
        : undefined,
  };
}

function describeUnclosed({ unclosed }: JsonFault, origins: Origins): string {
  if (unclosed === undefined) return '';
  const { line, column } = origins.at(unclosed.offset);
  return `; the ${unclosed.kind} of ${line}:${column} is not closed`;
}

/** Keys given twice and halves of surrogate pairs: what JSON allows and no job list means. */
export function findTextProblems(placed: PlacedText, facts: JsonFacts, value: unknown): Problem[] {
  const problems: Problem[] = [];
  if (facts.members !== countMembers(value)) problems.push(...findDoubledKeys(placed));
  if (facts.hasSurrogateEscapes) problems.push(...findLoneSurrogates(placed));
  return problems;
}

function findDoubledKeys(placed: PlacedText): Problem[] {
  const origins = new Origins(placed);
  const problems: Problem[] = [];
  walkJson(placed.text, {
    key: (key, offset, again) => {
      if (!again) return;
      const message = `"${key}" is given twice in one object`;
      problems.push({ code: 'duplicate-key', message, origin: origins.at(offset), hint: 'keep one of them' });
    },
  });
  return problems;
}

/** All escapes, pairs as one; the group is a half that stands alone. Backslashes stand only in strings. */
const ESCAPES = /\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u([dD][89a-fA-F]..)|.)/g;

function findLoneSurrogates(placed: PlacedText): Problem[] {
  const origins = new Origins(placed);
  const problems: Problem[] = [];
  for (const match of placed.text.matchAll(ESCAPES)) {
    if (match[1] === undefined) continue;
    problems.push({
      code: 'lone-surrogate',
      message: `\\u${match[1]} is half of a surrogate pair, not a character`,
      origin: origins.at(match.index),
      hint: 'no file name, command or log can hold it',
    });
  }
  return problems;
}

/** Origins of offsets in a text. */
class Origins {
  readonly #placed: PlacedText;
  readonly #counter: LineCounter;

  constructor(placed: PlacedText) {
    this.#placed = placed;
    this.#counter = new LineCounter(placed.text);
  }

  at(offset: number): Required<Origin> {
    const { line, column } = this.#counter.placeAt(offset);
    return { file: this.#placed.file, line: this.#placed.firstLine + line - 1, column };
  }
}
