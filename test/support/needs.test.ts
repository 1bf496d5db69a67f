// Tests of the look for outside tools.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mustNotSkip, needs } from './needs.js';
import { makeTempDir } from './temp-dir.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('needs', () => {
  test('finds a program on PATH', () => {
    expect(needs('sh').missing).toBeUndefined();
  });

  test('names the program that is not there, and only that', () => {
    expect(needs('sh', 'no-such-program').missing).toBe('no-such-program');
  });

  test('takes neither a folder nor a plain file for a program', () => {
    const folder = makeTempDir();
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'a-file'), '');
    writeFileSync(join(folder, 'a-program'), '');
    chmodSync(join(folder, 'a-program'), 0o755);
    vi.stubEnv('PATH', folder);
    expect(needs('a-folder', 'a-file', 'a-program').missing).toBe('a-folder, a-file');
  });

  test('looks for a path from the root of the repository', () => {
    expect(needs('./package.json').missing).toBeUndefined();
    expect(needs('../no/such/path').missing).toBe('../no/such/path');
  });

  test('asks the probe', () => {
    expect(needs({ name: 'a met need', probe: () => true }).missing).toBeUndefined();
    expect(needs({ name: 'a wish', probe: () => false }).missing).toBe('a wish');
  });
});

describe('mustNotSkip', () => {
  test.each([
    [{}, false],
    [{ CI: '1' }, false],
    [{ REGATTA_REQUIRE_TOOLS: '1' }, false],
    [{ CI: 'true', REGATTA_REQUIRE_TOOLS: '0' }, false],
    [{ CI: 'true', REGATTA_REQUIRE_TOOLS: '1' }, true],
  ])('with %j is %s', (env, expected) => {
    expect(mustNotSkip(env)).toBe(expected);
  });
});
