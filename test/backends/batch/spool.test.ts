// Pins when records of tasks changed, by the run's clock, however long it takes to ask after all of them.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Spool } from '../../../src/backends/batch/spool.js';
import { VirtualClock } from '../../../src/testing/index.js';

const place = mkdtempSync(join(tmpdir(), 'regatta-spool-'));
afterEach(() => {
  rmSync(place, { recursive: true });
});

test('the times of records do not depend on when each is asked for', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 30));
  const spool = new Spool(place, {
    onSights: () => undefined,
    warn: (message) => {
      throw new Error(message);
    },
  });
  const anHourAgoS = Date.now() / 1000 - 3600;
  for (const name of ['1-0.end', '1-1.run']) {
    writeFileSync(join(place, name), '');
    utimesSync(join(place, name), anHourAgoS, anHourAgoS);
  }
  const openedAtMs = clock.now();
  const timeOf = spool.readTimes(clock);
  const first = timeOf({ array: 1, task: 0 });
  await new Promise<void>((resolve) => clock.setTimer(openedAtMs + 60_000, resolve));
  expect(timeOf({ array: 1, task: 1 })).toBe(first);
  // The clock of files ticks coarsely.
  expect(openedAtMs - (first ?? 0)).toBeGreaterThan(3_590_000);
  expect(timeOf({ array: 1, task: 2 })).toBeNull();
});
