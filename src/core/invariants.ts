// Recomputes everything the core keeps count of, and compares. Slow; for tests and `--self-check`.
import { rowOf } from '../graph/graph.js';
import type { Deadline } from './deadlines.js';
import { ensure, PHASE } from './job-table.js';
import type { CoreParts } from './parts.js';

/** What the core keeps beside its parts. */
export interface CoreBooks {
  /** Whether the run was told to stop: then nothing waits. */
  readonly isStopping: boolean;
  readonly deadlines: readonly Deadline[];
  /** The time the driver was last asked to wake the core at. */
  readonly timerMs: number | null;
  /** Ends that dependents have not been told of. */
  readonly endsToTell: number;
  /** Failed jobs counted. */
  readonly failures: number;
}

/** Holds between steps. @throws InvariantError naming what does not agree. */
export function checkInvariants(parts: CoreParts, books: CoreBooks): void {
  ensure(books.endsToTell === 0, () => `${books.endsToTell} ends are still to be told of`);
  checkCounts(parts, books);
  for (let job = 0; job < parts.table.size; job++) checkDependencies(job, parts);
  checkLedger(parts);
  checkQueues(parts, books);
  checkKills(parts, books);
  checkDeadlines(parts, books);
}

function checkCounts({ table }: CoreParts, { failures }: CoreBooks): void {
  const counts = new Array<number>(Object.keys(PHASE).length).fill(0);
  for (let job = 0; job < table.size; job++) counts[table.phase(job)]!++;
  for (const [name, phase] of Object.entries(PHASE)) {
    const count = counts[phase]!;
    ensure(table.count(phase) === count, () => `${table.count(phase)} jobs counted as ${name} of ${count}`);
  }
  ensure(failures === table.count(PHASE.failed), () => `${failures} failures counted`);
}

function checkDependencies(job: number, { graph, table }: CoreParts): void {
  const phase = table.phase(job);
  let unfinished = 0;
  let anyPassed = false;
  for (const dep of rowOf(graph.dependencies, job)) {
    if (!table.hasEnded(dep)) unfinished++;
    if (table.phase(dep) === PHASE.passed) anyPassed = true;
  }
  ensure(
    table.unfinished[job] === unfinished,
    () => `job ${job} counts ${table.unfinished[job]!} unfinished dependencies of ${unfinished}`,
  );
  ensure((table.anyPassed[job] === 1) === anyPassed, () => `job ${job} is wrong about a dependency's pass`);
  const hasStarted = phase === PHASE.ready || table.isInFlight(job) || phase === PHASE.passed;
  ensure(unfinished === 0 || !hasStarted, () => `job ${job} did not wait for its dependencies`);
  ensure(unfinished > 0 || phase !== PHASE.waiting, () => `job ${job} waits for nothing`);
  const isFailure = phase === PHASE.failed || phase === PHASE.killed;
  ensure(
    table.reasons.has(job) === isFailure,
    () => `job ${job} has a reason and no failure, or the reverse`,
  );
}

function checkLedger({ table, constraints }: CoreParts): void {
  const used = new Array<number>(constraints.ledger.size).fill(0);
  for (let job = 0; job < table.size; job++) {
    if (!table.isInFlight(job)) continue;
    const { claim } = constraints.classes[constraints.classOf[job]!]!;
    for (const [i, constraint] of claim.constraints.entries()) {
      if (claim.amounts[i] !== Infinity) used[constraint]! += claim.amounts[i]!;
    }
  }
  for (const [constraint, amount] of used.entries()) {
    const booked = constraints.ledger.used(constraint);
    ensure(booked === amount, () => `constraint ${constraint} has ${booked} booked and ${amount} in use`);
  }
}

/** Every ready job is queued once, in a queue that can be found, and waits for something. */
function checkQueues({ table, admission }: CoreParts, { isStopping }: CoreBooks): void {
  const queued = new Set<number>();
  for (const { best, jobs, isReachable, counted } of admission.readyJobs()) {
    for (const job of jobs) {
      ensure(table.phase(job) === PHASE.ready && !queued.has(job), () => `job ${job} is queued twice`);
      queued.add(job);
    }
    ensure(counted === jobs.length, () => `${counted} ready jobs counted where ${jobs.length} wait`);
    ensure(isReachable, () => `the queue of job ${best} waits where nobody looks`);
    ensure(admission.blockerOf(best) !== undefined, () => `nothing blocks the ready job ${best}`);
  }
  const ready = table.count(PHASE.ready);
  ensure(queued.size === ready, () => `${queued.size} jobs are queued and ${ready} are ready`);
  const waiting = ready + table.count(PHASE.waiting);
  ensure(waiting === 0 || !isStopping, () => `${waiting} jobs wait after a stop`);
}

function checkKills({ table }: CoreParts, { deadlines }: CoreBooks): void {
  for (const [job, { force }] of table.kills) {
    ensure(table.isInFlight(job), () => `a kill is kept for job ${job}, which is with no backend`);
    const watched = deadlines.filter((due) => due.kind === 'kill-overdue' && due.job === job);
    ensure(
      watched.length === 1 && watched.every((due) => 'force' in due && due.force === force),
      () => `${watched.length} deadlines wait for the end of the killed job ${job}`,
    );
  }
}

/** Whatever ends by time has a deadline, and the driver is asked to wake us at the first. */
function checkDeadlines(parts: CoreParts, { deadlines, timerMs }: CoreBooks): void {
  const { graph, table, admission } = parts;
  for (let job = 0; job < table.size; job++) {
    const isLimited = table.phase(job) === PHASE.running && graph.jobs[job]!.timeoutMins !== null;
    if (!isLimited || table.kills.has(job) || table.left[job] === table.attempts[job]) continue;
    const isWatched = deadlines.some((due) => due.kind === 'time-limit' && due.job === job);
    ensure(isWatched, () => `nobody watches the time limit of job ${job}`);
  }
  for (const [backend, name] of parts.backends.names.entries()) {
    const ends = deadlines.filter((due) => due.kind === 'backoff-over' && due.backend === backend);
    const expected = admission.isInBackoff(backend) ? 1 : 0;
    ensure(ends.length === expected, () => `${ends.length} ends of the back-off of ${name}, not ${expected}`);
  }
  const isOver = table.open === 0;
  const first = deadlines.reduce((least, { atMs }) => Math.min(least, atMs), Infinity);
  const wanted = isOver || first === Infinity ? null : first;
  ensure(
    timerMs === wanted,
    () => `the timer is set for ${timerMs ?? 'never'}, not for ${wanted ?? 'never'}`,
  );
}
