// A journal that somebody removes is never silently off.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Journal } from '../../src/journal/index.js';
import { makeTempDir } from '../support/temp-dir.js';

it('says once that it was removed, and records no further intent', async () => {
  const path = join(makeTempDir(), 'journal.jsonl');
  const said: string[] = [];
  const onFailure = (message: string): void => void said.push(message);
  const journal = Journal.create(
    { path, durability: 'off', onFailure },
    { runId: 'r', jobs: 1, jobsDigest: '' },
  );
  expect(journal.recordIntent('local', [{ job: 0, attempt: 1 }], 1)).toBeUndefined();
  rmSync(path);
  const record = (): unknown => journal.recordIntent('local', [{ job: 0, attempt: 2 }], 2);
  expect(record).toThrow('it was removed');
  expect(record).toThrow('it was removed');
  expect(said).toEqual([`cannot write the journal ${path}: it was removed`]);
  await journal.close();
});
