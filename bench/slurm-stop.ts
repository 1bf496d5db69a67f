// How soon after Ctrl-C the queue of a real Slurm is empty, with many jobs running and many more waiting; beside what Slurm takes for
// as many jobs of its own, in the same minutes. Needs root; starts a Slurm of its own and stops it. Usage: npm run bench:slurm-stop
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeMachine, say } from './support/figures.js';
import { REGATTA, withSlurm } from './support/slurm.js';

const RUNNING = 200;
const WAITING = 2000;
const GOAL_S = 5;

/** Largest array that Slurm takes unless told. */
const ARRAY = 1000;

function countQueue(...options: readonly string[]): number {
  const text = execFileSync('squeue', ['--noheader', '--array', '--format=%i', ...options], {
    encoding: 'utf8',
  });
  return text.split('\n').length - 1;
}

async function whenFull(): Promise<void> {
  while (countQueue('--states=RUNNING') < RUNNING || countQueue() < RUNNING + WAITING) await delay(200);
}

async function secondsToEmpty(stop: () => void): Promise<number> {
  const startedAt = performance.now();
  stop();
  while (countQueue() > 0) await delay(50);
  return (performance.now() - startedAt) / 1000;
}

async function stopRegatta(dir: string): Promise<number> {
  const jobs = Array.from({ length: RUNNING + WAITING }, (_, i) => ({ name: `job${i}`, cmd: 'sleep 3600' }));
  const list = join(dir, 'jobs.json');
  writeFileSync(list, JSON.stringify({ jobs }));
  const scratch = join(dir, 'scratch');
  const args = ['run', list, '--backend', 'slurm', '--status', 'none', '--scratch-root', scratch];
  const child = spawn(process.execPath, [REGATTA, ...args], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await whenFull();
  const tookS = await secondsToEmpty(() => child.kill('SIGINT'));
  await ended;
  return tookS;
}

async function stopByHand(dir: string): Promise<number> {
  const script = join(dir, 'sleep.sh');
  writeFileSync(script, '#!/bin/sh\nexec sleep 3600\n');
  for (let left = RUNNING + WAITING; left > 0; left -= ARRAY) {
    const range = `--array=1-${Math.min(left, ARRAY)}`;
    execFileSync('sbatch', ['--output=/dev/null', range, script], { stdio: 'ignore' });
  }
  await whenFull();
  return secondsToEmpty(() => execFileSync('scancel', ['--user=root']));
}

await withSlurm({ SLURM_CPUS: String(RUNNING / 2) }, async (dir) => {
  const regattaS = await stopRegatta(dir);
  const byHandS = await stopByHand(dir);
  say(describeMachine());
  say(
    `${RUNNING} jobs running, ${WAITING} waiting: empty queue ${regattaS.toFixed(1)} s after Ctrl-C (goal ${GOAL_S} s); ` +
      `${byHandS.toFixed(1)} s after scancel of as many jobs of its own`,
  );
});
