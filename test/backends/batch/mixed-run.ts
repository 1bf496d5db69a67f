// A run on a batch engine, on this machine and on nothing at all, through the real command. Knows no engine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readResults, regatta, writeJobs } from '../../support/command.js';

/**
 * Builds here, simulates on the engine with a licence of which it has five, `vcs`, fakes the rest, and checks what comes of it.
 * @param taskVariable - What the engine tells each task its number by.
 */
export async function checkMixedRun(dir: string, engine: string, taskVariable: string): Promise<void> {
  writeJobs(dir, [
    { full_name: 'build', cmd: 'echo built >built', backend: 'local', odir: 'build', target: 'build' },
    ...[1, 2, 3, 4].map((i) => ({
      full_name: `sim${i}`,
      cmd: `cat ../build/built; echo task $${taskVariable}; exit ${i === 4 ? 3 : 0}`,
      odir: `sim${i}`,
      dependencies: ['build'],
      resources: { sim_licence: 1 },
    })),
    { full_name: 'cov', cmd: 'true', backend: 'fake', dependencies: ['sim1'], fake: { duration_s: 0.1 } },
  ]);
  const options = [
    ...['--backend', engine, '--backend-opt', `${engine}.licences=sim_licence=vcs`],
    ...['--status', 'none'],
  ];
  const { code } = await regatta(dir, 'run', 'jobs.jsonl', ...options);
  expect(code).toBe(1);
  const { jobs } = readResults(dir);
  const seen = jobs.map((job) => `${job.full_name} ${job.backend} ${job.status} ${job.reason?.kind ?? '-'}`);
  expect(seen).toEqual([
    'build local passed -',
    `sim1 ${engine} passed -`,
    `sim2 ${engine} passed -`,
    `sim3 ${engine} passed -`,
    `sim4 ${engine} failed exit-code`,
    'cov fake passed -',
  ]);
  expect(readFileSync(join(dir, 'sim1', 'run.log'), 'utf8')).toMatch(/^built\ntask \d\n$/);
}
