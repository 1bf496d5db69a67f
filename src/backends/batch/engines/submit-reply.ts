// Reads the answer to a submission, by the patterns that an engine gives. Knows no engine.
import { complaintOf } from '../answer-words.js';
import type { CommandAnswer, SubmitReply } from '../engine.js';

/** How an engine words what came of a submission; all but `id` and `noise` are tried on the standard error. */
export interface SubmitWords {
  /** What was called, for messages. */
  readonly program: string;
  /** Its first group, found in the output, is the engine's id. */
  readonly id: RegExp;
  /** What the engine's programs put around what they say. */
  readonly noise: RegExp;
  readonly busy: RegExp;
  /** Is not busy, though it looks like it: no waiting mends it. */
  readonly neverFits?: RegExp;
  /** The jobs may be in the queue. */
  readonly unclear?: RegExp;
}

/** What came of the submission. A well ended program that names no job has perhaps submitted some. */
export function readSubmitReply(answer: CommandAnswer, words: SubmitWords): SubmitReply {
  const id = words.id.exec(answer.stdout)?.[1];
  if (answer.exitCode === 0 && id !== undefined) return { kind: 'submitted', id };
  // The program's name alone: `nc` of `nc run`.
  const message = complaintOf(words.program.split(' ', 1)[0] ?? '', answer, words.noise);
  if (answer.exitCode === 0) return { kind: 'unclear', message: `${words.program} named no job: ${message}` };
  if (words.unclear?.test(answer.stderr) === true) return { kind: 'unclear', message };
  const isBusy = words.busy.test(answer.stderr) && words.neverFits?.test(answer.stderr) !== true;
  return { kind: isBusy ? 'busy' : 'rejected', message };
}
