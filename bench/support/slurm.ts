// A real Slurm for the length of a benchmark, started and stopped by the project's scripts; needs root. Knows no benchmark.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The command, compiled. */
export const REGATTA = join(import.meta.dirname, '..', '..', 'bin', 'regatta');

/**
 * Does the work while a Slurm of two nodes runs, in a directory that is removed after it.
 * @param variables - Settings of `slurm-up.sh`.
 */
export async function withSlurm(
  variables: Readonly<Record<string, string>>,
  work: (dir: string) => Promise<void> | void,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'regatta-bench-slurm-'));
  const script = (name: string): string => join(import.meta.dirname, '..', '..', 'scripts', 'cluster', name);
  try {
    const env = { ...process.env, ...variables };
    execFileSync('sh', [script('slurm-up.sh'), dir], { env, stdio: 'inherit' });
    process.env.SLURM_CONF = join(dir, 'slurm.conf');
    await work(dir);
  } finally {
    execFileSync('sh', [script('slurm-down.sh'), dir], { stdio: 'inherit' });
    rmSync(dir, { recursive: true, force: true });
  }
}
