// Nothing outlives a run, whatever it does, however the run ends.
import { expect, it } from 'vitest';
import { makeTempDir } from '../support/temp-dir.js';
import { ANIMALS, DEATHS, dieTogether } from './zoo.js';

/** Far from the marks of other tests. */
const FIRST_MARK = 81_000;

it.each(DEATHS.map((death, index) => [death.name, death, FIRST_MARK + 100 * index] as const))(
  '%s leaves nothing behind',
  { timeout: 60_000 },
  async (_, death, mark) => {
    const left = await dieTogether(death, makeTempDir(), mark);
    expect(Object.fromEntries(ANIMALS.map(({ name }, index) => [name, left[index]]))).toEqual(
      Object.fromEntries(ANIMALS.map(({ name }) => [name, 0])),
    );
  },
);
