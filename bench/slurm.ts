// Makespan of N x `true` on a real Slurm of 16 slots: Regatta's beside that of one plain array of the same jobs, in the same minutes.
// Needs root; starts a Slurm of its own and stops it. Usage: npm run bench:slurm [-- N]
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, say } from './support/figures.js';
import { REGATTA, withSlurm } from './support/slurm.js';

const count = Number(process.argv[2] ?? 2000);

function seconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}

/** `--wait`: returns when the last task has ended. */
function runPlainArray(dir: string): void {
  const file = join(dir, 'true.sh');
  writeFileSync(file, '#!/bin/sh\ntrue\n', { mode: 0o755 });
  execFileSync('sbatch', [`--array=0-${count - 1}%16`, '--wait', '--output=/dev/null', file], {
    stdio: 'ignore',
  });
}

function runRegatta(dir: string): void {
  const jobs = Array.from({ length: count }, (_, i) => ({ name: `job${i}`, cmd: 'true' }));
  const list = join(dir, 'jobs.json');
  writeFileSync(list, JSON.stringify({ jobs }));
  const args = [
    'run',
    list,
    '--backend',
    'slurm',
    '--status',
    'none',
    '--scratch-root',
    join(dir, 'scratch'),
  ];
  const { status, stderr } = spawnSync(REGATTA, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`regatta ended with ${status}: ${stderr}`);
}

await withSlurm({ SLURM_EXTRA: `MaxArraySize=${Math.max(1001, count + 1)}` }, (dir) => {
  const plainS = seconds(() => {
    runPlainArray(dir);
  });
  const regattaS = seconds(() => {
    runRegatta(dir);
  });
  const overhead = ((regattaS / plainS - 1) * 100).toFixed(1);
  say(describeMachine());
  say(
    `${count} x true on 16 slots: sbatch --array %16 ${plainS.toFixed(1)} s, regatta ${regattaS.toFixed(1)} s (${overhead} % more)`,
  );
});
