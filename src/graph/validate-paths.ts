// Checks that jobs do not write over each other: one log, one directory. Pure: looks at the paths only, never at the disk.
import type { JobSpec } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';

/** A problem and the job it is reported for. */
export interface JobProblem {
  readonly job: number;
  readonly problem: Omit<Problem, 'origin'>;
}

/**
 * Two jobs with one log, with one output directory that either renews, or with one inside another's renewed directory; and
 * renewed directories that are or hold `immovable`.
 */
export function findPathConflicts(jobs: readonly JobSpec[], immovable?: string): JobProblem[] {
  const problems: JobProblem[] = [];
  const logs = new Map<string, number>();
  const odirs = new Map<string, number>();
  const renewed = new Map<string, number>();
  // Without renewal jobs may share a directory, and there is nothing to keep.
  const isAnyRenewed = jobs.some(({ renewOdir }) => renewOdir);
  for (const [job, spec] of jobs.entries()) {
    // Two jobs of one name are an error already; that they share their files follows from it.
    const isNamesake = (other: number): boolean => jobs[other]!.fullName === spec.fullName;
    const sameLog = logs.get(spec.logPath);
    if (sameLog === undefined) logs.set(spec.logPath, job);
    else if (!isNamesake(sameLog)) {
      problems.push({ job, problem: conflict('log_path', jobs[sameLog]!, spec) });
    }

    if (!isAnyRenewed) continue;
    const sameOdir = renewed.get(spec.odir) ?? (spec.renewOdir ? odirs.get(spec.odir) : undefined);
    if (sameOdir !== undefined && !isNamesake(sameOdir))
      problems.push({ job, problem: conflict('odir', jobs[sameOdir]!, spec) });
    odirs.set(spec.odir, odirs.get(spec.odir) ?? job);
    if (spec.renewOdir) renewed.set(spec.odir, renewed.get(spec.odir) ?? job);
    if (spec.renewOdir && immovable !== undefined && holds(spec.odir, immovable))
      problems.push({ job, problem: movesRecord(spec, immovable) });
  }
  return isAnyRenewed ? problems.concat(findNested(jobs, renewed)) : problems;
}

function conflict(field: 'odir' | 'log_path', first: JobSpec, second: JobSpec): Omit<Problem, 'origin'> {
  const path = field === 'odir' ? second.odir : second.logPath;
  return {
    code: field === 'odir' ? 'shared-odir' : 'shared-log',
    message: `jobs "${first.fullName}" and "${second.fullName}" have one ${field}, "${path}"`,
    hint:
      field === 'odir' ? 'give each its own: renew_odir would move the other one away' : 'give each its own',
  };
}

function holds(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? directory : `${directory}/`);
}

function movesRecord({ fullName, odir }: JobSpec, immovable: string): Omit<Problem, 'origin'> {
  return {
    code: 'renewed-record',
    message: `the odir of job "${fullName}", "${odir}", is renewed and holds ${immovable}, where the record of the run is kept`,
    hint: 'put it elsewhere: renew_odir would move the record away',
  };
}

function findNested(jobs: readonly JobSpec[], renewed: ReadonlyMap<string, number>): JobProblem[] {
  const problems: JobProblem[] = [];
  for (const [job, spec] of jobs.entries()) {
    for (let at = spec.odir.lastIndexOf('/'); at > 0; at = spec.odir.lastIndexOf('/', at - 1)) {
      const outer = renewed.get(spec.odir.slice(0, at));
      if (outer === undefined) continue;
      problems.push({
        job,
        problem: {
          code: 'nested-odir',
          message: `the odir of job "${spec.fullName}" lies inside that of "${jobs[outer]!.fullName}", which is renewed`,
          hint: 'put it elsewhere: renew_odir would move it away',
        },
      });
      break;
    }
  }
  return problems;
}
