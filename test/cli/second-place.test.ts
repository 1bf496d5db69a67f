// Pins where a job goes that is run again: beside its first place, with its command led there, and never onto what others left.
import { describe, expect, it } from 'vitest';
import { moveToSecondPlace } from '../../src/cli/repro/second-place.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import { makeSpec } from '../support/job-spec.js';

function move(spec: JobSpec, ...others: readonly JobSpec[]): JobSpec {
  return moveToSecondPlace(spec, { others: [spec, ...others], scratchRoot: '/scratch' });
}

describe('the second place of a job', () => {
  it('is a fresh directory beside the first, with the log in it, and needs nothing to run before', () => {
    const spec = makeSpec('a', { dependencies: ['build'], seed: 5 });
    expect(move(spec, makeSpec('build'))).toEqual({
      ...spec,
      dependencies: [],
      odir: '/scratch/a.repro',
      renewOdir: true,
      logPath: '/scratch/a.repro/target.log',
    });
  });

  it.each([
    [
      'make run run_dir=/scratch/a out=/scratch/a/x',
      'make run run_dir=/scratch/a.repro out=/scratch/a.repro/x',
    ],
    [`sim -l"/scratch/a/log" '/scratch/a'`, `sim -l"/scratch/a.repro/log" '/scratch/a.repro'`],
    ['sim -I/scratch/a +dir+/scratch/a', 'sim -I/scratch/a.repro +dir+/scratch/a.repro'],
    [
      'sim >/scratch/a/$$&& PATH=/bin:/scratch/a;x',
      'sim >/scratch/a.repro/$$&& PATH=/bin:/scratch/a.repro;x',
    ],
    // Other places that only look like it.
    ['cat /scratch/ab /scratch/a-1 /scratch/a.old', 'cat /scratch/ab /scratch/a-1 /scratch/a.old'],
    ['cat /mnt/scratch/a ./scratch/a ~/scratch/a', 'cat /mnt/scratch/a ./scratch/a ~/scratch/a'],
  ])('is where its command leads: %s', (cmd, led) => {
    const spec = makeSpec('a', { cmd, exports: { WHERE: cmd } });
    expect(move(spec)).toMatchObject({ cmd: led, exports: { WHERE: led } });
  });

  it('of a name that means something to a pattern is found all the same', () => {
    const odir = '/scratch/a+(b)[1]$&';
    const spec = makeSpec('a', { odir, logPath: `${odir}/log`, cmd: `run dir=${odir}` });
    expect(move(spec).cmd).toBe(`run dir=${odir}.repro`);
  });

  it('is the first one where more lies there than the job has made: only the log is another', () => {
    const outside = makeSpec('a', {
      odir: '/src/tests',
      logPath: '/src/tests/log',
      cmd: 'sim -l /src/tests/log',
    });
    const kept = { renewOdir: false, logPath: '/src/tests/log.repro', cmd: 'sim -l /src/tests/log.repro' };
    expect(move(outside)).toMatchObject({ odir: '/src/tests', ...kept });
    const shared = makeSpec('a', { odir: '/scratch/x', cmd: './simv > /scratch/x/out' });
    for (const odir of ['/scratch/x', '/scratch/x/below', '/scratch/x.repro']) {
      expect(move(shared, makeSpec('other', { odir }))).toMatchObject({
        ...{ odir: '/scratch/x', renewOdir: false, cmd: './simv > /scratch/x/out' },
        logPath: '/scratch/a/target.log.repro',
      });
    }
  });

  it('is a fresh directory outside the scratch root, too, where the job renews its own', () => {
    const spec = makeSpec('a', { odir: '/out/a', logPath: '/logs/a', renewOdir: true, cmd: 'x -l /logs/a' });
    const moved = { odir: '/out/a.repro', logPath: '/logs/a.repro', cmd: 'x -l /logs/a.repro' };
    expect(move(spec)).toMatchObject({ ...moved, renewOdir: true });
  });
});
