// Pins the history through the real command: what runs say of new, known and gone failures, and the commands that ask for it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Comparison, Triage } from '../../src/results/index.js';
import { regatta, writeJobs } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

interface Fake {
  readonly name: string;
  readonly message?: string;
}

/** Runs fake jobs of test `name`; those with a message fail with it. */
async function run(
  dir: string,
  fakes: readonly Fake[],
  ...more: readonly string[]
): ReturnType<typeof regatta> {
  const jobs = fakes.map(({ name, message }, i) => ({
    full_name: `uart:${i}.${name}`,
    name,
    seed: i,
    cmd: 'true',
    block: { name: 'uart' },
    fake: message === undefined ? { status: 'passed' } : { status: 'failed', message },
  }));
  const fake = ['--backend', 'fake', '--virtual-clock', '--status', 'none'];
  return regatta(dir, 'run', writeJobs(dir, jobs), ...fake, ...more);
}

function readTriage(dir: string): Triage {
  return JSON.parse(readFileSync(join(dir, 'scratch/.regatta/latest/triage.json'), 'utf8')) as Triage;
}

it('a failure is new, then known, then gone', async () => {
  const dir = makeTempDir();
  const first = await run(dir, [{ name: 'a', message: 'bad thing' }, { name: 'b' }]);
  expect(first.stdout).toContain('Failures of 1 kind, 1 of them new, most frequent first:');
  expect(first.stdout).toMatch(/^ {8}seen {3}NEW$/m);
  const second = await run(dir, [
    { name: 'a', message: 'bad thing' },
    { name: 'a', message: 'bad thing' },
    { name: 'b', message: 'worse' },
  ]);
  // What is new comes first, however often the known is seen.
  expect(second.stdout).toMatch(
    /1 x worse\n(.*\n)*? {8}seen {3}NEW\n {4}2 x bad thing\n(.*\n)*? {8}seen {3}KNOWN, .* in 2 runs\n/,
  );
  const third = await run(dir, [{ name: 'a' }, { name: 'b' }]);
  expect(third.stdout).toMatch(/^gone since the last time its tests ran: \w.* and 1 more$/m);
  expect(
    readTriage(dir)
      .buckets.map(({ signature, state }) => [signature, state])
      .sort(),
  ).toEqual([
    ['bad thing', 'gone'],
    ['worse', 'gone'],
  ]);
});

it('history and compare show it, as text and as JSON, with exit code 0', async () => {
  const dir = makeTempDir();
  await run(dir, [{ name: 'smoke', message: 'bad thing' }, { name: 'other' }]);
  await run(dir, [{ name: 'smoke' }, { name: 'other', message: 'worse' }]);
  const all = await regatta(dir, 'history');
  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(all.stdout).toMatch(
    /^Runs, the latest first:\n( {2}\S+ {2}2 jobs, 1 passed, 1 failed, 0 killed in .*\n){2}/,
  );
  expect(all.stdout).toContain('\nFailures that are not gone, seen last first:\n  worse\n');
  expect(all.stdout).toContain(
    'uart:smoke: 1 passed, 1 failed in 2 runs; 100 % of 1 repeated seed and 100 % of 1 revision had both outcomes',
  );
  const one = await regatta(dir, 'history', 'smoke', '--format', 'json');
  expect(JSON.parse(one.stdout)).toMatchObject({
    schema: 'regatta.history/1',
    tests: [{ name: 'smoke', block: 'uart', by_seed: { repeated: 1, mixed: 1 } }],
    runs: [{ passed: 1 }, { failed: 1, signatures: ['bad thing'] }],
  });
  const runs = (
    JSON.parse((await regatta(dir, 'history', '--format', 'json')).stdout) as { runs: { run_id: string }[] }
  ).runs;
  const text = await regatta(dir, 'compare', runs[1]?.run_id ?? '');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('\nBroke:\n  uart:other: 0 of 1 failed, now 1 of 1\n');
  expect(text.stdout).toContain('\nFixed:\n  uart:smoke: 1 of 1 failed, now 0 of 1\n');
  const json = await regatta(
    dir,
    'compare',
    runs[0]?.run_id ?? '',
    runs[1]?.run_id ?? '',
    '--format',
    'json',
  );
  const comparison = JSON.parse(json.stdout) as Comparison;
  expect(comparison.fixed.map(({ name }) => name)).toEqual(['other']);
  expect(comparison.new_buckets.map(({ signature }) => signature)).toEqual(['bad thing']);
});

it('compare says of tests and failures of one run only that they are, and whether they failed', async () => {
  const dir = makeTempDir();
  const ids: string[] = [];
  for (const fakes of [
    [{ name: 'both' }, { name: 'old', message: 'bad thing' }],
    [{ name: 'both' }, { name: 'fresh', message: 'worse' }, { name: 'fine' }],
  ]) {
    await run(dir, fakes);
    ids.push(readTriage(dir).run_id);
  }
  const { stdout } = await regatta(dir, 'compare', ...ids);
  expect(stdout.slice(stdout.indexOf('\n\n'))).toBe(`

Failures only in the later run:
  1 x worse

Failures only in the earlier run:
  1 x bad thing

Tests only in the later run:
  uart:fresh: 1 of 1 failed
  uart:fine

Tests only in the earlier run:
  uart:old: 1 of 1 failed
`);
});

it('a name with a line end forges no lines', async () => {
  const dir = makeTempDir();
  const name = 'a\nBroke:\u001b[2J';
  await run(dir, [{ name }]);
  await run(dir, [{ name, message: 'bad' }]);
  const { run_id: last } = readTriage(dir);
  const outputs = await Promise.all([regatta(dir, 'compare', last, last), regatta(dir, 'history', name)]);
  for (const { stdout } of outputs) expect(stdout).toContain('\n  uart:a\\nBroke:\\u001b[2J: 1 ');
});

it('tells a test whose outcome depends on the seed alone', async () => {
  const dir = makeTempDir();
  await run(dir, [{ name: 'a' }, { name: 'a', message: 'bad' }]);
  expect((await regatta(dir, 'history')).stdout).toContain(
    '\n  uart:a: 1 passed, 1 failed in 1 run; 100 % of 1 revision had both outcomes\n',
  );
});

it('--history FILE is a history of its own', async () => {
  const dir = makeTempDir();
  await run(dir, [{ name: 'a', message: 'bad' }], '--history', 'mine.sqlite');
  expect(existsSync(join(dir, 'scratch/.regatta/history.sqlite'))).toBe(false);
  const { stdout } = await regatta(dir, 'history', 'a', '--history', 'mine.sqlite');
  expect(stdout).toContain('uart:a: 0 passed, 1 failed in 1 run');
});

it.each([':memory:', 'file:x?mode=memory'])('--history %s is a file of that name', async (name) => {
  const dir = makeTempDir();
  await run(dir, [{ name: 'a', message: 'bad' }], '--history', name);
  const { stdout } = await regatta(dir, 'history', 'a', '--history', name);
  expect(stdout).toContain('0 passed, 1 failed in 1 run');
});

it('a history that cannot be used costs a warning and nothing else', async () => {
  const dir = makeTempDir();
  writeFileSync(join(dir, 'junk'), 'no database\n'.repeat(1000));
  const { code, stderr, stdout } = await run(dir, [{ name: 'a', message: 'bad' }], '--history', 'junk');
  expect(code).toBe(1);
  expect(stderr).toBe('regatta: warning: the history junk is no database, or damaged\n');
  expect(stdout).toContain('Failures of 1 kind, most frequent first:');
  expect(existsSync(join(dir, 'scratch/.regatta/latest/results.json'))).toBe(true);
  expect(readFileSync(join(dir, 'junk'), 'utf8')).toMatch(/^(no database\n)+$/);
});

it('a dry run leaves no history', async () => {
  const dir = makeTempDir();
  await run(dir, [{ name: 'a' }], '--dry-run', '--history', 'mine.sqlite');
  expect(existsSync(join(dir, 'mine.sqlite'))).toBe(false);
});

it('what is not there is said, with what to do', async () => {
  const dir = makeTempDir();
  const none = await regatta(dir, 'history');
  expect(none.code).toBe(2);
  expect(none.stderr).toBe(
    'regatta: error: there is no history scratch/.regatta/history.sqlite ' +
      '(name it with --history, or the place of its runs with --scratch-root)\n',
  );
  await run(dir, [{ name: 'smoke' }]);
  const typo = await regatta(dir, 'history', 'smok');
  expect(typo.code).toBe(2);
  expect(typo.stderr).toBe('regatta: error: the history has no test named "smok" (did you mean "smoke"?)\n');
});
