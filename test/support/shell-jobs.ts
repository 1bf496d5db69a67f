// Jobs of the conformance suite for backends that run commands: each behaves as asked. Knows no backend.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceJob } from '../../src/testing/conformance/index.js';
import { eventually } from './eventually.js';
import { makeSpec } from './job-spec.js';

type MakeJob = (fullName: string) => ConformanceJob;

/** Makers of jobs, by behaviour; each job has an output directory of its own in `dir`. */
export function makeShellJobs(
  dir: string,
): Record<'succeeds' | 'fails' | 'waits' | 'stubborn' | 'unlaunchable', MakeJob> {
  let jobs = 0;
  const makeJob =
    (cmd: string): MakeJob =>
    (fullName) => {
      const odir = join(dir, String(jobs++));
      return { spec: makeSpec(fullName, { cmd, odir, logPath: join(odir, 'log') }) };
    };
  return {
    succeeds: makeJob('true'),
    fails: makeJob('exit 3'),
    waits: makeJob('exec sleep 3600'),
    stubborn: (fullName) => {
      const job = makeJob(`trap '' TERM; touch trapped; while :; do sleep 3600; done`)(fullName);
      const trapped = join(job.spec.odir, 'trapped');
      return {
        ...job,
        whenReady: () => eventually('the trap to be set', () => existsSync(trapped)).then(() => undefined),
      };
    },
    unlaunchable: (fullName) => {
      const job = makeJob('true')(fullName);
      // Where its directory is to be, a file is in the way.
      mkdirSync(dir, { recursive: true });
      writeFileSync(job.spec.odir, '');
      return job;
    },
  };
}
