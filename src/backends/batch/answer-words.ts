// Picks the engine's own words out of what its programs say. Knows no engine.
import type { CommandAnswer } from './engine.js';

/** Most characters of an engine's words that are passed on. */
const MAX_WORDS = 300;

/** A text as one line of bounded length, without `noise` (the program's name, `error:`) at the begin of its lines. */
function oneLine(text: string, noise?: RegExp): string {
  const lines = text
    .split('\n')
    .map((line) => (noise === undefined ? line : line.replace(noise, '')).trim())
    .filter((line) => line !== '');
  const words = lines.join('; ').replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}...` : words;
}

/** What a program says went wrong: its standard error, else its output, else its exit code. Never empty. */
export function complaintOf(program: string, answer: CommandAnswer, noise?: RegExp): string {
  const words = oneLine(answer.stderr, noise) || oneLine(answer.stdout, noise);
  return words === '' ? `${program} ended with exit code ${answer.exitCode} and said nothing` : words;
}
