// Skips, by name, the tests whose outside tool is missing here. Knows how to look, not what the tests do.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';
import { isExecutableFile } from '../../src/util/executable-file.js';
import { fromRepoRoot } from './repo-root.js';

/** A need that is neither a program on PATH nor a file: `probe` tells whether it is met. */
export interface Need {
  /** Shown in the title of a skipped test. */
  readonly name: string;
  readonly probe: () => boolean;
}

/** `describe` and `it` of a test file that depends on something outside the repository. */
export interface NeedyTests {
  /** What is missing, or undefined when every need is met. */
  readonly missing: string | undefined;
  readonly describe: (title: string, body: () => void) => void;
  readonly it: (title: string, body: () => void | Promise<void>, timeoutMs?: number) => void;
}

/**
 * Makes variants of `describe` and `it` that run only when every need is met. Otherwise the tests are skipped
 * with the missing need in their title; where nothing may be skipped (see {@link mustNotSkip}) they fail.
 *
 * @param wanted - A program's name, looked up on PATH; a path with a `/`, relative to the repository's root;
 *   or a {@link Need}.
 */
export function needs(...wanted: readonly (string | Need)[]): NeedyTests {
  const absent = wanted
    .filter((need) => !isMet(need))
    .map((need) => (typeof need === 'string' ? need : need.name));
  if (absent.length === 0) return { missing: undefined, describe, it };
  const missing = absent.join(', ');
  const titleOf = (title: string): string => `${title} [needs ${missing}]`;
  if (mustNotSkip(process.env)) {
    const fail = (): never => {
      throw new Error(`missing here: ${missing}; nothing may be skipped (REGATTA_REQUIRE_TOOLS=1)`);
    };
    return {
      missing,
      describe: (title) => describe(titleOf(title), () => it('has what it needs', fail)),
      it: (title) => it(titleOf(title), fail),
    };
  }
  return {
    missing,
    describe: (title, body) => describe.skip(titleOf(title), body),
    it: (title, body) => it.skip(titleOf(title), body),
  };
}

/**
 * Whether a missing tool is a failure: on a CI machine (`CI` set) that promises them (`REGATTA_REQUIRE_TOOLS=1`).
 */
export function mustNotSkip(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env.CI) && env.REGATTA_REQUIRE_TOOLS === '1';
}

function isMet(need: string | Need): boolean {
  if (typeof need !== 'string') return need.probe();
  return need.includes('/') ? existsSync(fromRepoRoot(need)) : isOnPath(need);
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => isExecutableFile(join(folder, program)));
}
