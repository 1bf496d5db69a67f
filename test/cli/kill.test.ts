// `regatta kill`: ends a run that is driven, and what a dead one has left; the run can be resumed after both.
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
    await killHard(started);
    const mark = `${run.dir}/open ]`;
    expect(findProcesses(mark)).toHaveLength(1);
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

  it('of a run that is not there is refused', async () => {
    const { code, stderr } = await new InterruptedRun().regatta('kill', 'nothing');
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no run "nothing"/);
  });
});
