// Draws what a run may tell, for tests of its journal: events that follow one another as those of a run do, all else at random.
import fc from 'fast-check';
import type { RecordedEvent } from '../../src/journal/index.js';
import type { EndFacts } from '../../src/model/outcome.js';
import type { Reason, StopCause } from '../../src/model/reason.js';
import { STOP_MODES, type Limits, type RunEvent } from '../../src/model/run-event.js';
import { isTerminal, type JobStatus } from '../../src/model/status.js';

/** Jobs of a drawn run. */
export const JOBS = 5;

const text = fc.string({ unit: 'binary', maxLength: 12 });
const names = fc.constantFrom('vcs', 'xcelium', '__proto__', 'ein Name');
const count = fc.nat({ max: 2 ** 40 });
const job = fc.nat({ max: JOBS - 1 });
const atMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
const lines = fc.array(text, { maxLength: 3 });
const limit = fc.option(count);

const cause: fc.Arbitrary<StopCause> = fc.oneof(
  fc.record({ kind: fc.constant('signal' as const), signal: text }),
  fc.record({ kind: fc.constant('fail-fast' as const), failures: count }),
  fc.record({ kind: fc.constant('user' as const), by: text }),
  fc.record({ kind: fc.constant('error' as const), message: text }),
);

const reason: fc.Arbitrary<Reason> = fc.oneof(
  fc.record({ kind: fc.constant('exit-code' as const), exitCode: fc.nat({ max: 255 }), context: lines }),
  fc.record({ kind: fc.constant('signal' as const), signal: text, context: lines }),
  fc.record({
    kind: fc.constant('fail-pattern' as const),
    pattern: text,
    text,
    line: count,
    context: lines,
  }),
  fc.record({ kind: fc.constant('missing-pass-pattern' as const), patterns: lines, context: lines }),
  fc.record({
    kind: fc.constant('timeout' as const),
    limitMins: fc.double({ min: 0, max: 1e6, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('dependency' as const),
    job: text,
    status: fc.constantFrom('failed' as const, 'killed' as const),
    culprit: text,
    because: text,
  }),
  fc.record({ kind: fc.constant('stopped' as const), by: cause, leftovers: lines }),
  fc.record({ kind: fc.constant('stopped' as const), by: cause }),
  fc.record({
    kind: fc.constantFrom('launch-error' as const, 'log-error' as const, 'lost' as const),
    message: text,
  }),
  fc.record({ kind: fc.constantFrom('resource' as const, 'fake' as const), message: text }),
);

const facts: fc.Arbitrary<EndFacts> = fc.record({
  exitCode: fc.option(fc.nat({ max: 255 })),
  signal: fc.option(text),
  usage: fc.record({ cpuMs: count, maxRssKib: count }, { requiredKeys: [] }),
  simulatedTimeUs: fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
  leftovers: lines,
});

const limits: fc.Arbitrary<Limits> = fc.record({
  run: limit,
  backends: fc.dictionary(names, limit, { noNullPrototype: true }),
  resources: fc.dictionary(names, limit, { noNullPrototype: true }),
});

/** A change of a job before it is known where the job was. */
const change = fc.record({
  kind: fc.constant('job-changed' as const),
  atMs,
  job,
  to: fc.constantFrom<JobStatus>('queued', 'running', 'passed', 'failed', 'killed'),
  attempts: fc.nat({ max: 9 }),
  reason,
  isBack: fc.boolean(),
  facts,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
type Other = Exclude<RecordedEvent, { readonly kind: 'job-changed' }>;

const other: fc.Arbitrary<Other> = fc.oneof(
  fc.record({ kind: fc.constant('run-resumed' as const), atMs, limits }),
  fc.record({
    kind: fc.constant('kill-sent' as const),
    atMs,
    jobs: fc.array(job, { maxLength: 4 }),
    reason,
    force: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('stop-asked' as const),
    atMs,
    mode: fc.constantFrom(...STOP_MODES),
    by: cause,
  }),
  fc.record({ kind: fc.constant('limits-changed' as const), atMs, limits }),
  fc.record({
    kind: fc.constant('backend-busy' as const),
    atMs,
    backend: text,
    untilMs: atMs,
    message: text,
  }),
  fc.record({
    kind: fc.constant('stalled' as const),
    atMs,
    blocked: fc.array(fc.record({ job, count, message: text }), { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('slots-idle' as const),
    atMs,
    idle: fc.record({ noReadyJob: count, resource: count, limit: count, backoff: count }),
  }),
  fc.record({ kind: fc.constant('run-ended' as const), atMs, stop: fc.option(cause) }),
);

/** Events in the order of a run: where a job comes from is where the last event left it. Many of one time, as in a run. */
export const eventsOfRun: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .array(fc.oneof({ weight: 4, arbitrary: change }, other), { maxLength: 30 })
  .chain((drawn) =>
    fc.record({
      drawn: fc.constant(drawn),
      sameTime: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    }),
  )
  .map(({ drawn, sameTime }) => {
    const statuses = new Array<JobStatus>(JOBS).fill('scheduled');
    const accepted = new Array<number>(JOBS).fill(0);
    let lastMs = 0;
    return drawn.map((one, at): RecordedEvent => {
      lastMs = sameTime[at] === true ? lastMs : one.atMs;
      if (one.kind === 'run-resumed') statuses.fill('scheduled');
      return one.kind === 'job-changed'
        ? follow({ ...one, atMs: lastMs }, { statuses, accepted })
        : { ...one, atMs: lastMs };
    });
  });

function follow(
  { atMs: at, job: index, to, attempts, reason: why, isBack, facts: known }: Change,
  { statuses, accepted }: { readonly statuses: JobStatus[]; readonly accepted: number[] },
): Extract<RunEvent, { kind: 'job-changed' }> {
  const from = statuses[index] ?? 'scheduled';
  statuses[index] = to;
  const hasReason = to === 'failed' || to === 'killed' || (to === 'queued' && isBack);
  // A job that becomes ready has been accepted as often as before.
  if (to !== 'queued' || isBack) accepted[index] = attempts;
  return {
    kind: 'job-changed',
    atMs: at,
    job: index,
    from,
    to,
    attempts: accepted[index] ?? 0,
    reason: hasReason ? why : null,
    facts: isTerminal(to) ? known : null,
  };
}
