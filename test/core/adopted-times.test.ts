// When adopted jobs started and ended: by the run's own record, by their backend's, and never an end before a start.
import { expect, test } from 'vitest';
import { NO_FACTS } from '../../src/model/outcome.js';
import { Stage } from './stage.js';

const NOW_MS = 100_000;

interface Told {
  /** Start on the run's record. */
  readonly recordedAtMs?: number;
  /** Start and end as the backend tells them. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
}

/** Times of start and end that are published of a job that a run, taken up again, adopts after its end. */
function adopt({ recordedAtMs, startedAtMs, endedAtMs }: Told): (number | undefined)[] {
  const stage = new Stage({ a: {} });
  stage.nowMs = NOW_MS;
  const inFlight = { job: 0, attempt: 1, queuedAtMs: 0, startedAtMs: recordedAtMs ?? null, kill: null };
  const attempts = Int32Array.of(1);
  stage.step({
    kind: 'start',
    recovery: { ended: [], inFlight: [inFlight], attempts, accepted: Int32Array.of(0) },
  });
  const answer = {
    kind: 'adopted',
    running: true,
    ...(startedAtMs !== undefined && { startedAtMs }),
  } as const;
  const times: (number | undefined)[] = [];
  const note = (to: string): void => {
    times.push(stage.events.find((event) => event.kind === 'job-changed' && event.to === to)?.atMs);
  };
  stage.step({ kind: 'adopt-answered', backend: 'local', answers: [{ job: 0, attempt: 1, answer }] });
  note('running');
  const end = { job: 0, attempt: 1, outcome: { status: 'passed' }, facts: NO_FACTS } as const;
  stage.step({ kind: 'jobs-ended', ends: [{ ...end, ...(endedAtMs !== undefined && { endedAtMs }) }] });
  note('passed');
  return times;
}

test.each<[string, Told, [number, number]]>([
  ['nothing', {}, [NOW_MS, NOW_MS]],
  ['its start', { recordedAtMs: 1000 }, [1000, NOW_MS]],
  ['its start, and a record its end', { recordedAtMs: 1000, endedAtMs: 5000 }, [1000, 5000]],
  ['nothing, and a record both', { startedAtMs: 2000, endedAtMs: 5000 }, [2000, 5000]],
  [
    'its start, and a record another: its own counts',
    { recordedAtMs: 1000, startedAtMs: 2000 },
    [1000, NOW_MS],
  ],
  ['nothing, and a record the end alone', { endedAtMs: 5000 }, [NOW_MS, NOW_MS]],
  ['its start, and a clock that is behind its end', { recordedAtMs: 6000, endedAtMs: 5000 }, [6000, 6000]],
  [
    'nothing, and a clock that is ahead both',
    { startedAtMs: NOW_MS + 9, endedAtMs: NOW_MS + 10 },
    [NOW_MS, NOW_MS],
  ],
])('the run knows %s', (_, told, times) => {
  expect(adopt(told)).toEqual(times);
});
