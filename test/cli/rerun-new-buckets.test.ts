// `--rerun-new-buckets`: what is run again when a run is over, what that makes of its failures, and that none of them is lost.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BucketRepro, Triage } from '../../src/results/index.js';
import { readResults, regatta, writeJobs } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';
import { needs } from '../support/needs.js';
import { simProject } from '../flow/project.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

const OPTION = '--rerun-new-buckets';
const QUIET = ['--status', 'none'];

/** What a job of this name does that says `first` and fails the first time, and does `then` afterwards. */
function onceOnly(name: string, first: string, then: string): string {
  return `if mkdir ../first.${name} 2> /dev/null; then echo '${first}'; exit 4; fi; ${then}`;
}

function job(name: string, cmd: string, more: object = {}): object {
  return { full_name: name, cmd, ...more };
}

const latest = (dir: string, ...path: string[]): string => join(dir, 'scratch/.regatta/latest', ...path);

/** What triage.json has of second tries, by job. */
function readRepros(dir: string): Record<string, BucketRepro> {
  const { buckets } = JSON.parse(readFileSync(latest(dir, 'triage.json'), 'utf8')) as Triage;
  return Object.fromEntries(
    buckets.flatMap(({ repro }) => (repro === undefined ? [] : [[repro.job, repro]])),
  );
}

function outcomes(dir: string): Record<string, string> {
  return Object.fromEntries(Object.entries(readRepros(dir)).map(([name, { outcome }]) => [name, outcome]));
}

describe('a failure of a new kind', () => {
  const HOSTILE = 'BAD <script>alert(1)</script> ]]> | `x`';
  const JOBS = [
    job('build', 'echo "echo made by the build" > tool', { target: 'build' }),
    job('fine', 'true'),
    job('always', 'sh ../build/tool; echo ERROR as ever; exit 3', { deps: ['build'], seed: 7 }),
    job('passes', onceOnly('passes', 'ERROR once', 'true')),
    job('differs', onceOnly('differs', 'BAD thing', `printf '%s\\033[2J\\n' '${HOSTILE}'`), {
      fail_patterns: ['^BAD'],
    }),
    job('nowhere', '/no/such/program'),
  ];

  it('is deterministic, flaky or infrastructure; every report says so, and the run has failed all the same', async () => {
    const dir = makeTempDir();
    const { code, stdout, stderr } = await regatta(dir, 'run', writeJobs(dir, JOBS), OPTION, ...QUIET);
    expect(code).toBe(1);
    expect(stderr).toBe('regatta: running 4 failures of new kinds again\n');
    expect(outcomes(dir)).toEqual({
      always: 'deterministic',
      passes: 'flaky',
      differs: 'flaky',
      nowhere: 'infrastructure',
    });
    const { counts, jobs, exit_code: exitCode } = readResults(dir);
    expect({ counts, exitCode }).toEqual({
      counts: { total: 6, passed: 2, failed: 4, killed: 0 },
      exitCode: 1,
    });
    // The seed it had, what it depends on at hand, and the first log as it was.
    const { always, passes, differs } = readRepros(dir);
    expect(always).toMatchObject({ seed: 7, status: 'failed', message: 'exit code 3', waves: null });
    expect(readFileSync(always?.log_path ?? '', 'utf8')).toBe('made by the build\nERROR as ever\n');
    expect(passes).toMatchObject({ status: 'passed', signature: null, message: null });
    const firstLog = jobs.find(({ full_name }) => full_name === 'passes')?.log_path ?? '';
    expect(firstLog).not.toBe(passes?.log_path);
    expect(readFileSync(firstLog, 'utf8')).toBe('ERROR once\n');
    // Links lead to what the run itself has left.
    expect(existsSync(join(dir, 'scratch/failed/passes'))).toBe(true);
    expect(existsSync(join(dir, 'scratch/passed/passes'))).toBe(false);

    const counted = '4 kinds of failure run again: 1 deterministic, 2 flaky, 1 infrastructure';
    expect(stdout).toContain(`\n  ${counted}\n  flaky: passes, differs\n`);
    expect(stdout).toContain(
      `        rerun  FLAKY: passes passed\n               log    ${passes?.log_path ?? '?'}\n`,
    );
    const report = async (format: string): Promise<string> =>
      (await regatta(dir, 'report', '--format', format, '--output', '-')).stdout;
    const text = await report('text');
    expect(text).toContain('        rerun  INFRASTRUCTURE: nowhere failed: exit code 127\n');
    expect(text).toContain(
      `        rerun  FLAKY: differs failed in another way: ${differs?.signature ?? '?'}`,
    );
    const page = await report('md');
    expect(page).toContain(`\n${counted}.\n`);
    expect(page).toContain('- run again: `DETERMINISTIC: always failed in the same way`\n');
    const xml = await report('junit');
    expect(xml).toContain(
      `run again: FLAKY: passes passed\nlog of that: ${passes?.log_path ?? '?'}</failure>`,
    );
    expect(xml).toContain('&lt;script&gt;');
    const rows = (await report('csv')).split('\r\n').map((row) => row.split(','));
    const column = rows[0]?.indexOf('repro') ?? -1;
    expect(rows.slice(1, -1).map((row) => [row[0], row[column]])).toEqual([
      ['build', ''],
      ['fine', ''],
      ...Object.entries({ always: 'deterministic', passes: 'flaky', differs: 'flaky' }),
      ['nowhere', 'infrastructure'],
    ]);
    expect(JSON.parse(await report('json'))).toMatchObject({
      buckets: [{ repro: always }, { repro: passes }, { repro: differs }, { repro: { job: 'nowhere' } }],
    });
    const html = readFileSync(latest(dir, 'report.html'), 'utf8');
    expect(html).toContain('"words":"FLAKY: passes passed"');
    // Nothing of the second log gets through to where it would be obeyed.
    expect(differs?.message).toContain(HOSTILE);
    for (const shown of [stdout, text, page, xml, html]) expect(shown).not.toContain('\u001b[2J');
    for (const shown of [xml, html]) expect(shown).not.toContain('<script>alert');
  });

  it('shows in the history how flaky its test is, by seed', async () => {
    const dir = makeTempDir();
    const jobs = [...JOBS, job('other', onceOnly('other', 'ERROR of another kind', 'true'), { seed: 3 })];
    await regatta(dir, 'run', writeJobs(dir, jobs), OPTION, ...QUIET);
    const figuresOf = async (test: string): Promise<unknown> => {
      const { stdout } = await regatta(dir, 'history', test, '--format', 'json');
      const { tests, runs } = JSON.parse(stdout) as { tests: object[]; runs: object[] };
      return { ...tests[0], ...runs[0] };
    };
    const once = { runs: 1, passed: 0, failed: 1 };
    const flaky = { ...once, by_seed: { repeated: 1, mixed: 1 }, second_tries: { passed: 1, failed: 0 } };
    expect(await figuresOf('other')).toMatchObject(flaky);
    expect(await figuresOf('always')).toMatchObject({
      ...once,
      by_seed: { repeated: 1, mixed: 0 },
      second_tries: { passed: 0, failed: 1 },
    });
    expect(await figuresOf('nowhere')).toMatchObject({ ...once, by_seed: { repeated: 0, mixed: 0 } });
    const { tests } = JSON.parse(readFileSync(latest(dir, 'triage.json'), 'utf8')) as Triage;
    expect(tests.find(({ name }) => name === 'other')).toMatchObject({ by_seed: { mixed: 1 } });
    const runLine = (await regatta(dir, 'history', 'other')).stdout.split('\n').at(-3);
    expect(runLine).toMatch(/0 passed, 1 failed \(run again: 1 passed\)$/);
    // Told again from the record, it is the same.
    await regatta(dir, 'resume', ...QUIET);
    expect(await figuresOf('other')).toMatchObject(flaky);
  });

  it('is run again only while there is a budget, of the most frequent kind first', async () => {
    const dir = makeTempDir();
    const jobs = ['rare', 'often', 'often', 'other'].map((kind, i) =>
      job(`${i}.${kind}`, `echo x >> ../tries; echo ERROR ${kind}; exit 3`),
    );
    const { code, stdout } = await regatta(
      dir,
      'run',
      writeJobs(dir, jobs),
      OPTION,
      '1',
      ...QUIET,
      '-mp',
      '1',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('1 kind of failure run again: 1 deterministic, 0 flaky, 0 infrastructure\n');
    // The first failure of its kind.
    expect(outcomes(dir)).toEqual({ '1.often': 'deterministic' });
    expect(readFileSync(join(dir, 'scratch/tries'), 'utf8')).toBe('x\n'.repeat(5));
  });

  it('is run again the first time only: a kind that is known is not, nor is anything without the option', async () => {
    const dir = makeTempDir();
    const list = writeJobs(dir, [job('bad', 'echo x >> ../tries; echo ERROR; exit 3')]);
    const tries = (): number => readFileSync(join(dir, 'scratch/tries'), 'utf8').length / 2;
    await regatta(dir, 'run', list, ...QUIET, '--history', 'other.sqlite');
    expect(tries()).toBe(1);
    await regatta(dir, 'run', list, OPTION, ...QUIET);
    expect(tries()).toBe(3);
    const { code, stderr, stdout } = await regatta(dir, 'run', list, OPTION, ...QUIET);
    expect([code, stderr, tries()]).toEqual([1, '', 4]);
    expect(stdout).not.toContain('run again');
    expect(existsSync(latest(dir, 'repro-1'))).toBe(false);
  });

  it('of a job that could not be started is infrastructure, whatever the second time shows', async () => {
    const dir = makeTempDir();
    const jobs = [
      job('blocker', 'echo in the way > ../blocked'),
      job('blocked', 'true', { deps: ['blocker'] }),
    ];
    const { code } = await regatta(dir, 'run', writeJobs(dir, jobs), OPTION, ...QUIET);
    expect(code).toBe(1);
    expect(readRepros(dir)).toMatchObject({ blocked: { outcome: 'infrastructure', status: 'passed' } });
  });

  it('is known to be new by the history alone: without one, none is run again', async () => {
    const dir = makeTempDir();
    const list = writeJobs(dir, [job('bad', 'exit 3')]);
    const { code, stderr } = await regatta(dir, 'run', list, OPTION, ...QUIET, '--history', 'no/such/folder');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\nregatta: warning: no failure is run again: without a history, none is known to be new\n$/,
    );
    expect(existsSync(latest(dir, 'report.html'))).toBe(true);
  });

  it('of pretended jobs is pretended again', async () => {
    const dir = makeTempDir();
    const fake = (name: string, fake: object): object => ({ full_name: name, cmd: 'false', fake });
    const jobs = [
      fake('bad', { status: 'failed', message: 'bad', duration_s: 100 }),
      fake('slow', { duration_s: 10_000 }),
    ].map((one, i) => (i === 1 ? { ...one, timeout_mins: 1 } : one));
    const how = ['--backend', 'fake', '--virtual-clock', ...QUIET];
    expect((await regatta(dir, 'run', writeJobs(dir, jobs), OPTION, ...how)).code).toBe(1);
    expect(readRepros(dir)).toMatchObject({
      bad: { outcome: 'deterministic', message: 'bad' },
      slow: { outcome: 'deterministic', status: 'killed' },
    });
  });
});

/** A run whose only failure waits when it is run again, until `open`; up to there. */
async function reachSecondTry(): Promise<{
  run: InterruptedRun;
  started: ReturnType<InterruptedRun['start']>;
}> {
  const run = new InterruptedRun();
  const wait = run.waiting('bad').replace(/^.*?; /, '');
  const cmd = `${run.counting('bad')}; [ ! -e ../tried ] || { ${wait}; }; touch ../tried; echo ERROR; exit 3`;
  const started = run.start(
    [
      { full_name: 'good', cmd: run.counting('good') },
      { full_name: 'bad', cmd },
    ],
    OPTION,
  );
  await eventually('the second try', () => run.startsOf('bad') === 2);
  return { run, started };
}

describe('while failures are run again', () => {
  it('the results of the run are there; after SIGKILL, resume goes on with what was left of it', async () => {
    const { run, started } = await reachSecondTry();
    expect(readResults(run.dir)).toMatchObject({ exit_code: 1, counts: { passed: 1, failed: 1 } });
    await killHard(started);
    const round = join(run.runDir, 'repro-1');
    const refused = await run.regatta('resume', round);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^regatta: error: \S+_repro-1 tries failures of run (\S+) again \(resume that run: .* \1\)\n$/,
      ),
    ]);
    run.open();
    const { code, stderr, stdout } = await run.regatta('resume', '--status', 'none');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^regatta: run \S+ is over: no job of it is left to be run\n$/);
    expect(stdout).toContain('1 kind of failure run again: 1 deterministic, 0 flaky, 0 infrastructure\n');
    // The one that was killed on the way has run again; what was over has not.
    expect([run.startsOf('good'), run.startsOf('bad')]).toEqual([1, 3]);
    // Once more changes nothing.
    expect((await run.regatta('resume', '--status', 'none')).stdout).toBe(stdout);
    expect([run.startsOf('good'), run.startsOf('bad')]).toEqual([1, 3]);
    expect(outcomes(run.dir)).toEqual({ bad: 'deterministic' });
  });

  it('Ctrl-C ends that, not the results; resume goes on', async () => {
    const { run, started } = await reachSecondTry();
    started.child.kill('SIGINT');
    const { code, stderr } = await started.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('regatta: 1 failure not run again to the end: regatta resume goes on\n');
    expect(outcomes(run.dir)).toEqual({});
    run.open();
    expect((await run.regatta('resume', '--status', 'none')).code).toBe(1);
    expect(outcomes(run.dir)).toEqual({ bad: 'deterministic' });
    expect([run.startsOf('good'), run.startsOf('bad')]).toEqual([1, 3]);
  });

  it('regatta kill ends it, and leaves nothing', async () => {
    const { run, started } = await reachSecondTry();
    await killHard(started);
    const { code, stderr } = await run.regatta('kill');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^regatta: nothing of run \S+ is left\n$/)]);
  });
});

needs('make').it('a simulation of a flow config is run again with waves, in a build of its own', async () => {
  const project = simProject(
    {
      tests: [{ name: 'smoke' }],
      supported_wave_formats: ['fst', 'vcd'],
      build_modes: [{ name: 'waves', is_sim_mode: 1, build_opts: ['+waves'], run_opts: ['+waves={waves}'] }],
    },
    {
      'sim.mk':
        'build:\n\t@mkdir -p $(build_dir); echo $(build_opts) > $(build_dir)/how\n' +
        'run:\n\t@echo built $$(cat $(dir $(run_cmd))how) seed $(seed) $(run_opts); touch $(run_dir)/waves.fst; echo FAILED it\n',
    },
  );
  const flow = ['--proj-root', project.root, '--branch', 'main', '--reseed', '2'];
  const at = ['--scratch-root', 'scratch', ...QUIET];
  const { code, stderr } = await regatta(project.root, 'run', 'sim.hjson', ...flow, ...at, OPTION);
  expect(code).toBe(1);
  expect(stderr).toContain('regatta: running 1 failure of new kinds again\n');
  const [repro] = Object.values(readRepros(project.root));
  expect(repro).toMatchObject({ outcome: 'deterministic' });
  const first = readResults(project.root).jobs.find(({ full_name }) => full_name === repro?.job);
  const [before, after] = [first?.log_path ?? '', repro?.log_path ?? ''].map((path) =>
    readFileSync(path, 'utf8'),
  );
  const seed = /seed \d+/.exec(before ?? '')?.[0] ?? '?';
  expect(before).toMatch(new RegExp(`^built +${seed} *\n`));
  expect(after).toMatch(new RegExp(`^built \\+waves ${seed} \\+waves=fst\n`));
  expect(repro?.waves).toBe(join(repro?.log_path ?? '', '../waves.fst'));
  expect(existsSync(repro?.waves ?? '')).toBe(true);
});
