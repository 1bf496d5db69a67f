// Tests of the temporary folders.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTempDir } from './temp-dir.js';

describe.sequential('makeTempDir', () => {
  let earlier = '';

  test('makes a new folder each time', () => {
    earlier = makeTempDir();
    writeFileSync(join(earlier, 'kept-by-nobody'), '');
    expect(existsSync(earlier)).toBe(true);
    expect(makeTempDir()).not.toBe(earlier);
  });

  test('removed the folder of the test before, with what was in it', () => {
    expect(earlier).not.toBe('');
    expect(existsSync(earlier)).toBe(false);
  });
});
