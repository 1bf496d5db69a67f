// Holds JUnit XML to the schema that ships with Regatta, by xmllint. Knows nothing of how documents are made.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRepoRoot } from './repo-root.js';
import { makeTempDir } from './temp-dir.js';

/** @returns What is wrong with each document, in their order; empty: nothing. Call it inside a test. */
export function checkJunit(documents: readonly string[]): string[] {
  const folder = makeTempDir();
  const names = documents.map((_, index) => `${index}.xml`);
  documents.forEach((text, index) => {
    writeFileSync(join(folder, `${index}.xml`), text);
  });
  const words = ['--nonet', '--noout', '--schema', fromRepoRoot('schema/junit.xsd'), ...names];
  const { stderr } = spawnSync('xmllint', words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  const lines = stderr.split('\n');
  return names.map((name) => {
    // It says so of each good one, so that one it has not looked at is never taken for one.
    if (lines.includes(`${name} validates`)) return '';
    return lines.filter((line) => line.startsWith(name)).join('\n') || `xmllint says: ${stderr}`;
  });
}
