// `regatta kill`: ends a run that is driven, and what a dead one has left; the run can be resumed after both.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { findProcesses } from '../support/find-processes.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

describe('regatta kill', () => {
  it('ends a run that is driven, with whatever its jobs have started', async () => {
    const run = new InterruptedRun();
    const sleep = 'sleep 72101';
    const isAsleep = (): boolean => findProcesses('sleep\0' + '72101').length === 7;
    const { ended } = run.start([
      { full_name: 'plain', cmd: sleep },
      { full_name: 'session', cmd: `setsid ${sleep} & ${sleep}` },
      { full_name: 'double-fork', cmd: `(setsid sh -c '${sleep} & ${sleep}' &); ${sleep}` },
      { full_name: 'deaf', cmd: `trap '' TERM; while :; do ${sleep}; done` },
    ]);
    await eventually('all of them', isAsleep);
    await run.recorded('all to run', '"do":"run"');
    const { code, stderr } = await run.regatta('kill');
    expect(findProcesses('sleep\0' + '72101')).toEqual([]);
    expect(stderr).toMatch(/^regatta: run \S+ was stopped\nregatta: nothing of run \S+ is left\n$/);
    expect(code).toBe(0);
    expect((await ended).code).toBe(143);
    expect(new Set(Object.values(run.statuses()))).toEqual(new Set(['killed']));
  });

  it('ends what a dead run has left; it runs again when the run is resumed', async () => {
    const run = new InterruptedRun();
    const job = { full_name: 'long', cmd: run.waiting('long') };
    const started = run.start(
      [job, { ...job, full_name: 'after', deps: ['long'] }],
      '--on-head-death',
      'keep',
    );
    await run.recorded('the job to run', '"do":"run"');
    await eventually('it to have counted its start', () => run.startsOf('long') === 1);
    await killHard(started);
    const mark = `${run.dir}/open ]`;
    // Two, for a moment, while its shell starts another program.
    expect(findProcesses(mark)).not.toEqual([]);
    const { code, stderr } = await run.regatta('kill');
    expect(findProcesses(mark)).toEqual([]);
    expect(stderr).toMatch(/^regatta: nothing of run \S+ is left\n$/);
    expect(code).toBe(0);
    expect((await run.regatta('status')).stdout).toMatch(/^run \S+: interrupted: stopped by regatta kill; /);
    run.open();
    expect((await run.regatta('resume', '--status', 'none')).code).toBe(0);
    expect(run.statuses()).toEqual({ long: 'passed', after: 'passed' });
    expect(run.startsOf('long')).toBe(3);
  });

  it('of a run of which nothing is left says so, again and again', async () => {
    const run = new InterruptedRun();
    const started = run.start([{ full_name: 'long', cmd: run.waiting('long') }]);
    await run.recorded('the job to run', '"do":"run"');
    await killHard(started);
    for (let time = 0; time < 2; time++) {
      const { code, stderr } = await run.regatta('kill');
      expect(stderr).toMatch(/^regatta: nothing of run \S+ is left\n$/);
      expect(code).toBe(0);
    }
    run.open();
    expect((await run.regatta('resume', '--status', 'none')).code).toBe(0);
  });

  it.each([
    ['jobs.jsonl', (text: string) => text.replace('"long"', '"lonf"'), 'these are not the jobs that the run'],
    ['jobs.jsonl', (text: string) => text.slice(0, 30), 'not JSON: '],
    ['journal.jsonl', (text: string) => text.replace('\n{', '\n}{'), 'the journal is damaged: '],
    ['journal.jsonl', () => '', 'the run had not begun '],
  ])(
    'ends what a dead run has left whose %s is damaged, and says that it is: %#',
    async (file, damage, what) => {
      const run = new InterruptedRun();
      const orphan = `setsid sh -c '${run.waiting('orphan')}' & `;
      const started = run.start(
        [{ full_name: 'long', cmd: `${orphan}${run.waiting('long')}` }],
        ...['--on-head-death', 'keep'],
      );
      await eventually('both to run', () => run.startsOf('long') + run.startsOf('orphan') === 2);
      await killHard(started);
      const path = join(run.runDir, file);
      writeFileSync(path, damage(readFileSync(path, 'utf8')));
      const mark = `${run.dir}/open ]`;
      expect(findProcesses(mark)).not.toEqual([]);
      const { code, stderr } = await run.regatta('kill');
      expect(findProcesses(mark)).toEqual([]);
      const [warning, outcome, ...more] = stderr.trimEnd().split('\n');
      expect(warning).toMatch(/^regatta: warning: only what bears the name of the run is ended: /);
      expect(warning).toContain(file);
      expect(warning).toContain(what);
      expect(outcome).toMatch(/^regatta: nothing of run \S+ is left that can be found without its record$/);
      expect(more).toEqual([]);
      expect(code).toBe(1);
    },
  );

  it('stops a run that is driven although its record is damaged', async () => {
    const run = new InterruptedRun();
    const { ended } = run.start([{ full_name: 'long', cmd: run.waiting('long') }]);
    await run.recorded('the job to run', '"do":"run"');
    writeFileSync(join(run.runDir, 'jobs.jsonl'), '');
    const { code, stderr } = await run.regatta('kill');
    expect(stderr).toMatch(/^regatta: run \S+ was stopped\nregatta: warning: only what bears /);
    expect(code).toBe(1);
    expect((await ended).code).toBe(143);
    expect(findProcesses(`${run.dir}/open ]`)).toEqual([]);
  });

  it('of a run that is not there is refused', async () => {
    const { code, stderr } = await new InterruptedRun().regatta('kill', 'nothing');
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no run "nothing"/);
  });
});
