// Makes past runs for tests of the history: one a day, jobs as short words.
import type { PastJob, PastRun } from '../../../src/results/history/past-run.js';

const FIRST_DAY_MS = Date.UTC(2026, 10, 1, 22);

/** `smoke/7: bad` is test smoke with seed 7, failed under the signature `bad`; without a signature it passed. */
function toJob(words: string): PastJob {
  const [, name = '', seed, signature] = /^([^/:]+)(?:\/(\d+))?(?:: (.*))?$/.exec(words) ?? [];
  return {
    test: { name, block: 'uart', tool: 'vcs', target: 'run' },
    seed: seed === undefined ? null : Number(seed),
    status: signature === undefined ? 'passed' : 'failed',
    durationMs: 1000,
    signature: signature ?? null,
  };
}

/** Second tries of failures, in the same words. */
export function makeSecondTries(...tries: readonly string[]): { readonly secondTries: readonly PastJob[] } {
  return { secondTries: tries.map(toJob) };
}

/** The run of a day, counted from 1: `run-<day>`, at revision `rev` unless told otherwise. */
export function makePastRun(day: number, jobs: readonly string[], fields: Partial<PastRun> = {}): PastRun {
  const startedAtMs = FIRST_DAY_MS + day * 86_400_000;
  const failed = jobs.filter((words) => words.includes(': ')).length;
  return {
    runId: `run-${day}`,
    startedAtMs,
    endedAtMs: startedAtMs + 60_000,
    exitCode: failed === 0 ? 0 : 1,
    revision: 'rev',
    input: 'top.hjson',
    counts: { total: jobs.length, passed: jobs.length - failed, failed, killed: 0 },
    jobs: jobs.map(toJob),
    ...fields,
  };
}
