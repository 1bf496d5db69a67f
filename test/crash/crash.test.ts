// Nothing is lost: the real command killed at every record of the journal of a small run, then resumed. `npm run test:crash` does more.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/util/random.js';
import { makeTempDir } from '../support/temp-dir.js';
import { countRecords, runUndisturbed, type CrashCase, type CrashPoint } from './crash-case.js';
import { SMALL } from './crash-jobs.js';
import { runCases } from './run-cases.js';

const SEED = 4;

it(`a small run survives a SIGKILL at each record of its journal (seed ${SEED})`, async () => {
  const dir = makeTempDir();
  const whole = join(dir, 'undisturbed');
  mkdirSync(whole);
  const expected = await runUndisturbed(whole, SMALL);
  expect(expected.exitCode).toBe(1);
  const records = countRecords(whole);
  const random = createRandom(SEED);
  const cases = Array.from({ length: records }, (_, i): CrashCase => {
    // The header must be whole: before that there is no run to resume.
    const isTorn = i % 4 >= 2 && i > 0;
    const first: CrashPoint = { record: i + 1, ...(isTorn ? { share: random() } : {}) };
    const again = random() < 0.3 ? [{ record: 1 + Math.floor(random() * 10) }] : [];
    return { jobs: SMALL, policy: i % 2 === 0 ? 'kill' : 'keep', points: [first, ...again] };
  });
  const reports = await runCases(dir, cases, expected);
  // The number of records differs a little between runs; a case beyond the last is no crash.
  expect(reports.filter(({ crashes }) => crashes > 0).length).toBeGreaterThan(records * 0.8);
  expect(reports.reduce((sum, { inFlight }) => sum + inFlight, 0)).toBeGreaterThan(records / 2);
}, 300_000);
