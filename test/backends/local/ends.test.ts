// How jobs end by themselves on the local backend, with real processes: exit codes, signals, logs, environment, place.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalRun, readLog } from './local-run.js';
import { isAlive } from './processes.js';

/** For a shell: waits until its child, `$a`, is no copy of the shell any more. */
const AWAIT_SLEEP = 'a=$!; while [ "$(ps -o comm= -p $a)" != sleep ]; do :; done;';

describe('a job that ends by itself', () => {
  it.each([
    ['true', { kind: 'exited', exitCode: 0 }],
    ['false', { kind: 'exited', exitCode: 1 }],
    ['exit 3', { kind: 'exited', exitCode: 3 }],
    ['exit 139', { kind: 'exited', exitCode: 139 }],
    ['kill -SEGV $$', { kind: 'signalled', signal: 'SIGSEGV' }],
    ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ])('%s', async (cmd, end) => {
    const run = await LocalRun.open();
    expect(await run.run(cmd)).toMatchObject({ job: 0, attempt: 1, end });
  });

  it('tells a program killed by a signal from the shell that reports it as a code', async () => {
    const run = await LocalRun.open();
    const report = await run.run(`sh -c 'kill -SEGV $$'; exit $?`);
    expect(report.end).toEqual({ kind: 'exited', exitCode: 139 });
  });

  it('is known to have started, though it ends before the rest of its batch is answered', async () => {
    const run = await LocalRun.open();
    const batch = ['true', 'false', 'sleep 0', 'no-such-program'].map((cmd) => run.makeSpec(cmd));
    const ends = batch.map((_, job) => run.waitForEnd(job));
    await run.submit(...batch);
    await Promise.all(ends);
    expect([...run.started].sort()).toEqual([0, 1, 2, 3]);
    expect(run.endedUnstarted).toEqual([]);
  });

  it('reports the processor time it took', async () => {
    const run = await LocalRun.open();
    const report = await run.run('i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done');
    expect(report.usage?.cpuMs).toBeGreaterThan(10);
  });

  it('is reported at its exit though a child holds its output; the child is named, and ended', async () => {
    const run = await LocalRun.open();
    const { spec, end } = await run.start(`sleep 300 & ${AWAIT_SLEEP} echo $a`);
    const report = await end;
    const pid = readLog(spec).trim();
    expect(report.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(report.leftovers).toEqual([`${pid} sleep 300`]);
    await run.backend.close();
    expect(isAlive(Number(pid))).toBe(false);
  });

  it('names a child that left the session', async () => {
    const run = await LocalRun.open();
    const { end, spec } = await run.start(`setsid sleep 301 & ${AWAIT_SLEEP} echo $a`);
    const report = await end;
    expect(report.leftovers).toEqual([`${readLog(spec).trim()} sleep 301`]);
  });

  it('leaves no leftovers when all its children are done', async () => {
    const run = await LocalRun.open();
    const report = await run.run('sleep 0 & wait; true | cat');
    expect(report).not.toHaveProperty('leftovers');
  });
});

describe('surroundings of a job', () => {
  it('stand in the log: standard output and error, in order', async () => {
    const run = await LocalRun.open();
    const { spec, end } = await run.start('echo out; echo err >&2; echo out2');
    await end;
    expect(readLog(spec)).toBe('out\nerr\nout2\n');
  });

  it('are its output directory, an empty input, and the exports over the environment of the run', async () => {
    const run = await LocalRun.open({ environment: { PATH: process.env['PATH'], A: 'base', B: 'base' } });
    const { spec, end } = await run.start('pwd; echo "$PWD $A $B $C"; cat; env', {
      exports: { B: 'export', C: 'two words' },
    });
    await end;
    const lines = readLog(spec).split('\n');
    expect(lines.slice(0, 2)).toEqual([spec.odir, `${spec.odir} base export two words`]);
    expect(lines).toContain(`REGATTA_JOB=${run.runId}/1/0/1`);
    expect(lines.filter((line) => line.startsWith('B='))).toEqual(['B=export']);
    expect(lines.join()).not.toContain('UV_THREADPOOL_SIZE');
  });

  it('have every signal at its default, SIGPIPE too', async () => {
    const run = await LocalRun.open();
    const { spec, end } = await run.start('grep -E "^Sig(Ign|Blk)" /proc/self/status');
    await end;
    const [blocked, ignored] = [...readLog(spec).matchAll(/\t(\w+)/g)].map(([, mask]) => BigInt(`0x${mask}`));
    // Signals 32 and 33 belong to the C library, which ignores them in what it starts.
    expect([blocked, (ignored ?? -1n) & ~(0b11n << 31n)]).toEqual([0n, 0n]);
  });

  it('start a program without a shell where none is needed, with the same PWD', async () => {
    const run = await LocalRun.open();
    const { spec, end } = await run.start('cat /proc/self/stat /proc/self/cmdline');
    await end;
    const [stat = '', cmdline] = readLog(spec).split('\n');
    // Leads its own session: no shell in between.
    const fields = stat.split(' ');
    expect(fields[5]).toBe(fields[0]);
    expect(cmdline).toBe('cat\0/proc/self/stat\0/proc/self/cmdline\0');
  });

  it('take names that a shell would trip over', async () => {
    const run = await LocalRun.open();
    const odir = join(run.dir, `a 'b" $(touch x) ; \n ü`);
    const { end } = await run.start('pwd > here', { odir, logPath: join(odir, 'log *') });
    expect((await end).end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(readFileSync(join(odir, 'here'), 'utf8')).toBe(`${odir}\n`);
  });

  it('empty an earlier log', async () => {
    const run = await LocalRun.open();
    const spec = run.makeSpec('echo new');
    mkdirSync(spec.odir);
    writeFileSync(spec.logPath, 'an older and longer text\n');
    const end = run.waitForEnd(0);
    await run.submit(spec);
    await end;
    expect(readLog(spec)).toBe('new\n');
  });
});

describe('many jobs', () => {
  it('all end once, each with its own log', async () => {
    const run = await LocalRun.open();
    const count = 1_000;
    const specs = Array.from({ length: count }, (_, index) => {
      const odir = join(run.dir, `job-${index}`);
      return run.makeSpec(`echo ${index}; exit ${index % 7}`, { odir, logPath: join(odir, 'log') });
    });
    const ends = specs.map((_, index) => run.waitForEnd(index));
    const answers = await run.submit(...specs);
    expect(answers.every((answer) => answer.kind === 'accepted')).toBe(true);
    const reports = await Promise.all(ends);
    expect(reports.map(({ end }) => end)).toEqual(
      specs.map((_, index) => ({ kind: 'exited', exitCode: index % 7 })),
    );
    expect(specs.map(readLog)).toEqual(specs.map((_, index) => `${index}\n`));
    expect(run.reports).toHaveLength(count);
  });
});
