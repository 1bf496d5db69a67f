// Finds a job of a run by what the user calls it. Knows no state.
import type { JobSpec } from '../model/job-spec.js';
import { UserError } from '../model/problem.js';
import { nearestName, suggestName } from '../util/nearest.js';

const NAMES_SHOWN = 5;

/**
 * Index of the job with this full name, or else the only one with this name or qualified name.
 * @throws UserError `unknown-job` with the nearest names, or those it could be.
 */
export function findJob(named: string, jobs: readonly JobSpec[]): number {
  const exact = jobs.findIndex(({ fullName }) => fullName === named);
  if (exact !== -1) return exact;
  const alike = jobs.flatMap(({ name, qualName }, job) =>
    name === named || qualName === named ? [job] : [],
  );
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  const names = alike.map((job) => jobs[job]?.fullName ?? '');
  throw new UserError({
    code: 'unknown-job',
    message:
      names.length === 0
        ? `the run has no job ${JSON.stringify(named)}`
        : `${names.length} jobs are called ${JSON.stringify(named)}`,
    hint: names.length === 0 ? suggestJob(named, jobs) : `give a full name: ${list(names)}`,
  });
}

function suggestJob(named: string, jobs: readonly JobSpec[]): string {
  const fullNames = jobs.map(({ fullName }) => fullName);
  const holding = fullNames.filter((name) => name.includes(named));
  if (named !== '' && holding.length > 0) return `like it: ${list(holding)}`;
  const byName = nearestName(
    named,
    jobs.map(({ name }) => name),
  );
  const near = fullNames.find((_, job) => jobs[job]?.name === byName);
  return (
    suggestName(named, fullNames) ??
    (near === undefined ? `its jobs: ${list(fullNames)}` : `did you mean "${near}"?`)
  );
}

function list(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
