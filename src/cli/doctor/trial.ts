// Runs one small job on a backend and waits for its end. Knows no kind of backend, and judges nothing.
import type { Backend, BackendSink, SubmitAnswer } from '../../model/backend.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { JobEnd } from '../../model/outcome.js';
import { UserError } from '../../model/problem.js';
import { messageOf } from '../../util/message-of.js';
import { LONGEST_DELAY_MS } from '../../util/longest-delay.js';

/** What became of a trial job. */
export type TrialResult =
  | { readonly kind: 'ended'; readonly end: JobEnd; readonly tookMs: number }
  | { readonly kind: 'refused'; readonly message: string }
  /** It had not ended in time, and was ended by us. */
  | { readonly kind: 'late'; readonly hasStarted: boolean }
  /** The backend itself failed. */
  | { readonly kind: 'broken'; readonly message: string };

/** How to run a trial. */
export interface Trial {
  readonly backend: Backend;
  readonly spec: JobSpec;
  readonly waitMs: number;
  /** Called when it is late, before it is ended. */
  readonly onLate: () => Promise<void>;
}

/** Opens the backend, runs the job and closes the backend. Never rejects. */
export async function runTrial({ backend, spec, waitMs, onLate }: Trial): Promise<TrialResult> {
  const since = performance.now();
  let hasStarted = false;
  let reportEnd: (end: JobEnd) => void = () => undefined;
  const ended = new Promise<JobEnd>((resolve) => (reportEnd = resolve));
  const sink: BackendSink = {
    started: () => (hasStarted = true),
    ended: (reports) => {
      for (const { end } of reports) reportEnd(end);
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, Math.min(waitMs, LONGEST_DELAY_MS), 'late');
  });
  try {
    await backend.open(sink);
    const answer = await Promise.race([late, submit(backend, spec)]);
    if (answer !== 'late' && answer.kind !== 'accepted') return { kind: 'refused', message: answer.message };
    const end = await Promise.race([late, ended]);
    if (end !== 'late') return { kind: 'ended', end, tookMs: performance.now() - since };
    await onLate();
    return { kind: 'late', hasStarted };
  } catch (error) {
    const words =
      error instanceof UserError ? error.problems.map(({ message }) => message) : [messageOf(error)];
    return { kind: 'broken', message: words.join('; ') };
  } finally {
    clearTimeout(timer);
    await backend.close().catch(() => undefined);
  }
}

async function submit(backend: Backend, spec: JobSpec): Promise<SubmitAnswer> {
  const [answer] = await backend.submit([{ job: 0, attempt: 1, spec }]);
  return answer ?? { kind: 'rejected', message: 'the backend did not answer' };
}
