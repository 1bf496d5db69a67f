// Recomputes everything the core keeps count of, and compares. Slow; for tests and `--self-check`.
import type { JobGraph } from '../graph/graph.js';
import { rowOf } from '../graph/graph.js';
import type { Constraints } from '../resources/constraints.js';
import type { Admission } from './admission.js';
import { ensure, PHASE, type JobTable } from './job-table.js';

/** The parts of the core that are checked against each other. */
export interface CoreParts {
  readonly graph: JobGraph;
  readonly table: JobTable;
  readonly constraints: Constraints;
  readonly admission: Admission;
  /** Whether ready jobs are still started. */
  readonly isAdmitting: boolean;
}

/** @throws InvariantError naming what does not agree. */
export function checkInvariants(parts: CoreParts): void {
  checkDependencies(parts);
  checkLedger(parts);
  checkQueues(parts);
  for (const job of parts.table.kills.keys()) {
    ensure(parts.table.isInFlight(job), () => `a kill is kept for job ${job}, which is with no backend`);
  }
}

function checkDependencies({ graph, table }: CoreParts): void {
  for (let job = 0; job < table.size; job++) {
    const deps = rowOf(graph.dependencies, job);
    const unfinished = deps.filter((dep) => !table.hasEnded(dep)).length;
    ensure(
      table.unfinished[job] === unfinished,
      () => `job ${job} counts ${table.unfinished[job]!} unfinished dependencies of ${unfinished}`,
    );
    const hasStarted =
      table.phase(job) === PHASE.ready || table.isInFlight(job) || table.phase(job) === PHASE.passed;
    ensure(unfinished === 0 || !hasStarted, () => `job ${job} did not wait for its dependencies`);
    const isFailure = table.phase(job) === PHASE.failed || table.phase(job) === PHASE.killed;
    ensure(
      table.reasons.has(job) === isFailure,
      () => `job ${job} has a reason and no failure, or the reverse`,
    );
  }
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

function checkQueues({ table, admission, isAdmitting }: CoreParts): void {
  let queued = 0;
  for (const { job, count } of admission.bestOfEachClass()) {
    queued += count;
    if (isAdmitting)
      ensure(admission.blockerOf(job) !== undefined, () => `nothing blocks the ready job ${job}`);
  }
  const ready = table.count(PHASE.ready);
  ensure(queued === ready, () => `${queued} jobs are queued and ${ready} are ready`);
}
