// Tries a backend out with one job, and says what that shows. Knows no kind of backend.
import { readFileSync } from 'node:fs';
import type { Backend } from '../../model/backend.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { JobEnd } from '../../model/outcome.js';
import { codeOf, describeCode } from '../../backends/scratch/system-error.js';
import { unreachable } from '../../util/unreachable.js';
import { ok, problem, type Finding } from './finding.js';
import { runTrial, type TrialResult } from './trial.js';

/** A trial job and what it must leave in its log. */
export interface TrialJob {
  readonly spec: JobSpec;
  readonly token: string;
  readonly waitMs: number;
}

/**
 * What a trial shows.
 * @param askState - What the backend says of a job that is late. Default: nothing.
 */
export async function tryOut(
  backend: Backend,
  { spec, token, waitMs }: TrialJob,
  askState: (() => Promise<string | null>) | null = null,
): Promise<readonly Finding[]> {
  let state: string | null = null;
  const result = await runTrial({
    backend,
    spec,
    waitMs,
    onLate: async () => {
      state = askState === null ? null : await askState();
    },
  });
  return judge(result, { state, waitMs, readLog: () => findToken(spec.logPath, token) });
}

/** What there is to judge a trial by. */
interface Evidence {
  readonly state: string | null;
  readonly waitMs: number;
  /** What is wrong with the log; null: nothing. */
  readonly readLog: () => string | null;
}

function judge(result: TrialResult, { state, waitMs, readLog }: Evidence): readonly Finding[] {
  const SHARED =
    'the scratch root must be on a file system that every host sees under the same path: --scratch-root DIR';
  switch (result.kind) {
    case 'broken':
      return [problem(`a trial job could not be tried: ${result.message}`)];
    case 'refused':
      return [
        problem(
          `a trial job was refused: ${result.message}`,
          'see the options of the backend in the config file',
        ),
      ];
    case 'late': {
      const where = result.hasStarted ? 'runs' : 'waits in the queue';
      const why = state === null ? '' : `: ${state}`;
      return [
        problem(
          `a trial job still ${where} after ${seconds(waitMs)}${why}`,
          'wait longer with --wait, or choose another queue or partition with --backend-opt',
        ),
      ];
    }
    case 'ended': {
      if (result.end.kind !== 'exited' || result.end.exitCode !== 0) {
        return [problem(`a trial job did not run: ${wordEnd(result.end)}`, SHARED)];
      }
      const wrong = readLog();
      const took = ok(`a trial job ran, ${seconds(result.tookMs)} from submission to end`);
      return [took, wrong === null ? ok('the scratch root is seen where jobs run') : problem(wrong, SHARED)];
    }
    default:
      return unreachable(result);
  }
}

function wordEnd(end: JobEnd): string {
  switch (end.kind) {
    case 'exited':
      return `exit code ${end.exitCode}`;
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'not-launched':
    case 'lost':
      return end.message;
    case 'declared':
      return end.outcome.status;
    default:
      return unreachable(end);
  }
}

function findToken(logPath: string, token: string): string | null {
  try {
    return readFileSync(logPath, 'utf8').includes(token)
      ? null
      : `the log of the trial job is not what it wrote: ${logPath}`;
  } catch (error) {
    return `the log of the trial job cannot be read here: ${describeCode(codeOf(error))}`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
