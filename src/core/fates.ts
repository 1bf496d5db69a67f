// What the end of a job means for those that depend on it. Changes nothing itself.
import { describeReason, type Reason } from '../model/reason.js';
import { PHASE } from './job-table.js';
import type { CoreParts } from './parts.js';

/** What the end of one of its dependencies, just counted, means for a waiting job. */
export function fateOf(
  job: number,
  { dependencyPassed }: { readonly dependencyPassed: boolean },
  { graph, table }: CoreParts,
): 'ready' | 'killed' | 'waiting' {
  const needsAll = graph.jobs[job]!.needsAllDependenciesPassing;
  if (needsAll && !dependencyPassed) return 'killed';
  if (table.unfinished[job]! > 0) return 'waiting';
  return needsAll || table.anyPassed[job] === 1 ? 'ready' : 'killed';
}

/** The reason of those killed because `job` failed or was killed; it names the job that started it all. */
export function dependencyReason(job: number, { graph, table }: CoreParts): Reason {
  const own = table.reasons.get(job)!;
  const name = graph.jobs[job]!.fullName;
  const status = table.phase(job) === PHASE.failed ? 'failed' : 'killed';
  return own.kind === 'dependency'
    ? { kind: 'dependency', job: name, status, culprit: own.culprit, because: own.because }
    : { kind: 'dependency', job: name, status, culprit: name, because: describeReason(own) };
}
