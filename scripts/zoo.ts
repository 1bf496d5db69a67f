// Prints what is left of each kind of job after each way to end, as a table: `npm run test:zoo`, which compiles first.
// Exits with 1 when anything is left.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANIMALS, DEATHS, dieTogether } from '../test/zoo/zoo.js';

/** Far from the marks of the tests, which may run beside this. */
const FIRST_MARK = 91_000;

const columns: (readonly number[])[] = [];
for (const [index, death] of DEATHS.entries()) {
  const dir = mkdtempSync(join(tmpdir(), 'regatta-zoo-'));
  try {
    columns.push(await dieTogether(death, dir, FIRST_MARK + 100 * index));
  } finally {
    rmSync(dir, { recursive: true });
  }
}
process.stdout.write(`| processes left of | ${DEATHS.map(({ name }) => name).join(' | ')} |\n`);
process.stdout.write(`|---${'|---'.repeat(DEATHS.length)}|\n`);
for (const [row, { name }] of ANIMALS.entries()) {
  process.stdout.write(`| ${name} | ${columns.map((column) => column[row] ?? '?').join(' | ')} |\n`);
}
process.exitCode = columns.flat().some((count) => count > 0) ? 1 : 0;
