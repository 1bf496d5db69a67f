// What is said when a job cannot be started on the local backend, and that no other job is harmed by it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalRun, readLog } from './local-run.js';

describe('a job that cannot be started', () => {
  it('is refused when its log is a directory', async () => {
    const run = await LocalRun.open();
    const spec = run.makeSpec('true');
    mkdirSync(spec.logPath, { recursive: true });
    expect(await run.submit(spec)).toEqual([
      { kind: 'rejected', message: `cannot write the log ${spec.logPath}: it is a directory (EISDIR)` },
    ]);
  });

  it('is refused when a file stands where its directory should be', async () => {
    const run = await LocalRun.open();
    const file = join(run.dir, 'file');
    writeFileSync(file, '');
    const odir = join(file, 'odir');
    expect(await run.submit(run.makeSpec('true', { odir, logPath: join(odir, 'log') }))).toEqual([
      {
        kind: 'rejected',
        message: `cannot make the output directory ${odir}: a part of the path is not a directory (ENOTDIR)`,
      },
    ]);
  });

  it('is refused when its environment is larger than the system takes', async () => {
    const run = await LocalRun.open();
    const exports = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`BIG_${index}`, 'x'.repeat(100_000)]),
    );
    const [answer] = await run.submit(run.makeSpec('true', { exports }));
    expect(answer).toMatchObject({ kind: 'rejected' });
    expect(JSON.stringify(answer)).toMatch(/its command and exports \(30\d{5} bytes, .* \(E2BIG\)/);
  });

  it('does no harm to the others of its batch', async () => {
    const run = await LocalRun.open();
    const bad = run.makeSpec('true', { logPath: '/proc/no/such/log' });
    const ends = [run.waitForEnd(0), run.waitForEnd(2)];
    const answers = await run.submit(run.makeSpec('exit 1'), bad, run.makeSpec('exit 2'));
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'rejected', 'accepted']);
    expect((await Promise.all(ends)).map(({ end }) => end)).toEqual([
      { kind: 'exited', exitCode: 1 },
      { kind: 'exited', exitCode: 2 },
    ]);
  });
});

describe('a command that is no program', () => {
  it('fails with the code of a shell, which names it in the log', async () => {
    const run = await LocalRun.open();
    const { spec, end } = await run.start('no-such-simulator --version');
    expect((await end).end).toEqual({ kind: 'exited', exitCode: 127 });
    expect(readLog(spec)).toContain('no-such-simulator: not found');
  });

  it('fails likewise when it is named by its path', async () => {
    const run = await LocalRun.open();
    const { spec, end } = await run.start('./simv +seed=1');
    expect((await end).end).toEqual({ kind: 'exited', exitCode: 127 });
    expect(readLog(spec)).toContain('./simv: not found');
  });

  it('is run by the shell when it is a script without a first line that says so', async () => {
    const run = await LocalRun.open();
    const script = join(run.dir, 'script');
    writeFileSync(script, 'echo "run with $1"\n', { mode: 0o755 });
    const { spec, end } = await run.start(`${script} words`);
    expect((await end).end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(readLog(spec)).toBe('run with words\n');
  });

  it('names the interpreter that is missing', async () => {
    const run = await LocalRun.open();
    const script = join(run.dir, 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    const { spec, end } = await run.start(script);
    expect((await end).end).toEqual({ kind: 'exited', exitCode: 127 });
    expect(readLog(spec)).toContain('script: not found');
  });
});
