// A real Grid Engine for the tests of one file, started before the first and stopped after the last. Knows no backend.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { fromRepoRoot } from '../../support/repo-root.js';
import { needs, type Need, type NeedyTests } from '../../support/needs.js';

/** A cluster's life takes this long at most, each way. */
const HOOK_MS = 60_000;

/** The cluster of a test file. */
class SgeCluster {
  readonly dir = mkdtempSync(join(tmpdir(), 'regatta-sge-'));
  readonly #path = process.env.PATH ?? '';

  up(): void {
    this.#script('sge-up.sh');
    process.env.PATH = `${join(this.dir, 'commands')}${delimiter}${this.#path}`;
  }

  down(): void {
    this.#script('sge-down.sh');
    process.env.PATH = this.#path;
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** What one of Grid Engine's programs says. */
  ask(program: string, ...args: readonly string[]): string {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Names of jobs in the queue that hold `part`, one for each entry. */
  queue(part: string): readonly string[] {
    const names = this.ask('qstat', '-xml', '-u', '*').matchAll(/<JB_name>([^<]*)</g);
    return Array.from(names, ([, name = '']) => name).filter((name) => name.includes(part));
  }

  #script(name: string): void {
    execFileSync('sh', [fromRepoRoot(`scripts/cluster/${name}`), this.dir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }
}

const ROOT: Need = { name: 'root', probe: () => process.getuid?.() === 0 };

const DAEMONS: Need = {
  name: 'sge_qmaster and sge_execd',
  probe: () => ['sge_qmaster', 'sge_execd'].every((daemon) => existsSync(`/usr/sbin/${daemon}`)),
};

const NETWORKS: Need = {
  name: 'network namespaces',
  probe: () => {
    try {
      execFileSync('unshare', ['--net', 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  },
};

/** `describe` and `it` of tests that need a Grid Engine, and the Grid Engine; to be called at the top of a test file. */
export function useSge(): NeedyTests & { readonly cluster: SgeCluster } {
  const cluster = new SgeCluster();
  const tests = needs('qsub', 'qstat', 'qdel', 'qconf', 'qacct', 'ip', DAEMONS, ROOT, NETWORKS);
  if (tests.missing === undefined) {
    beforeAll(() => {
      cluster.up();
    }, HOOK_MS);
    afterAll(() => {
      cluster.down();
    }, HOOK_MS);
  } else {
    rmSync(cluster.dir, { recursive: true, force: true });
  }
  return { ...tests, cluster };
}
