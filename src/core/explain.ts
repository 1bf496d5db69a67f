// Says in words why a job is not running, by the same predicates that decide it.
import { rowOf } from '../graph/graph.js';
import { describeConstraint } from '../resources/constraints.js';
import { PHASE } from './job-table.js';
import type { CoreParts } from './parts.js';

/** One entry a cause; what a job that is not waiting is doing. Never empty. */
export function explain(job: number, parts: CoreParts): string[] {
  const { graph, table, admission, backends } = parts;
  const phase = table.phase(job);
  if (phase === PHASE.waiting) {
    const waitsFor = rowOf(graph.dependencies, job).filter((dep) => !table.hasEnded(dep));
    return Array.from(waitsFor, (dep) => `waits for ${graph.jobs[dep]!.fullName}`);
  }
  if (phase === PHASE.submitting) return ['is being submitted'];
  if (phase !== PHASE.ready) return [`is ${table.status(job)}`];
  const blocker = admission.blockerOf(job);
  if (blocker === undefined) return ['waits for better jobs to start'];
  return blocker.kind === 'backoff'
    ? [`backend ${backends.names[blocker.backend]!} is busy and will be asked again`]
    : [explainConstraint(job, blocker.constraint, parts)];
}

function explainConstraint(job: number, constraint: number, { constraints }: CoreParts): string {
  const { ledger, names, classes, classOf } = constraints;
  const { claim } = classes[classOf[job]!]!;
  const amount = claim.amounts[claim.constraints.indexOf(constraint)]!;
  const wanted = amount === Infinity ? 'an unlimited amount' : String(amount);
  const limit = ledger.limit(constraint);
  const used = ledger.used(constraint);
  const kept = used + amount <= limit ? ', the rest kept for a job that needs more' : '';
  return `needs ${wanted} of the ${describeConstraint(names[constraint]!)}; limit ${limit}, in use ${used}${kept}`;
}
