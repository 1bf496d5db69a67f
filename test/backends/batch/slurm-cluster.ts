// A real Slurm for the tests of one file, started before the first and stopped after the last. Knows no backend.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { fromRepoRoot } from '../../support/repo-root.js';
import { needs, type NeedyTests } from '../../support/needs.js';

/** A cluster's life takes this long at most, each way. */
const HOOK_MS = 60_000;

/** Starts of a daemon's pid file by its name. */
type Daemon = 'slurmctld' | 'slurmd-n1' | 'slurmd-n2';

/** What differs from the cluster that slurm-up.sh starts by itself. */
interface ClusterOptions {
  /** CPUs that each of the two nodes claims to have. Default 8. */
  readonly cpus?: number;
  /** Lines of slurm.conf. */
  readonly conf?: readonly string[];
}

/** The cluster of a test file. */
class SlurmCluster {
  readonly dir = mkdtempSync(join(tmpdir(), 'regatta-slurm-'));
  readonly #options: ClusterOptions;
  #port = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Starts what is not running, with further lines of slurm.conf. */
  async up(more: readonly string[] = []): Promise<void> {
    if (this.#port === 0) this.#port = await findPorts();
    const { cpus = 8, conf = [] } = this.#options;
    const env = { ...process.env, SLURM_CPUS: String(cpus), SLURM_EXTRA: [...conf, ...more].join('\n') };
    execFileSync('sh', [fromRepoRoot('scripts/cluster/slurm-up.sh'), this.dir, String(this.#port)], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    process.env.SLURM_CONF = join(this.dir, 'slurm.conf');
  }

  get isUp(): boolean {
    return this.#port !== 0;
  }

  down(): void {
    execFileSync('sh', [fromRepoRoot('scripts/cluster/slurm-down.sh'), this.dir], { stdio: 'ignore' });
    delete process.env.SLURM_CONF;
    rmSync(this.dir, { recursive: true, force: true });
  }

  pidOf(daemon: Daemon): number {
    return Number(readFileSync(join(this.dir, 'run', `${daemon}.pid`), 'utf8'));
  }

  /** Resolves when what the controller knows now is on the disk. */
  async whenSaved(): Promise<void> {
    const now = Date.now();
    const file = join(this.dir, 'state', 'job_state');
    const isSaved = (): boolean => existsSync(file) && statSync(file).mtimeMs > now;
    await eventually('the controller to save its state', isSaved, { timeoutMs: 30_000, intervalMs: 50 });
  }

  /** What one of Slurm's programs says; a line each. */
  ask(program: string, ...args: readonly string[]): readonly string[] {
    const text = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return text.split('\n').filter((line) => line !== '');
  }

  /** Jobs in the queue whose names hold `part`, as `id state name`. */
  queue(part: string): readonly string[] {
    return this.ask('squeue', '--noheader', '--array', '--format=%i %T %j').filter((line) =>
      line.includes(part),
    );
  }
}

/** `describe` and `it` of tests that need a Slurm, and the Slurm; to be called at the top of a test file. */
export function useSlurm(options: ClusterOptions = {}): NeedyTests & { readonly cluster: SlurmCluster } {
  const cluster = new SlurmCluster(options);
  const isRoot = { name: 'root', probe: () => process.getuid?.() === 0 };
  const tests = needs('slurmctld', 'slurmd', 'munged', 'sbatch', 'squeue', 'scancel', 'scontrol', isRoot);
  if (tests.missing === undefined) {
    beforeAll(() => cluster.up(), HOOK_MS);
    afterAll(() => {
      cluster.down();
    }, HOOK_MS);
  }
  return { ...tests, cluster };
}

/** Three ports in a row that nobody listens on. */
async function findPorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const areFree = await Promise.all([first, first + 1, first + 2].map(isFree));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error('no three free ports in a row');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
