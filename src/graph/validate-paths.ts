// Checks that jobs do not write over each other: one log, one directory. Pure: what the disk makes of a path is told.
import type { JobSpec } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';

/** A problem and the job it is reported for. */
export interface JobProblem {
  readonly job: number;
  readonly problem: Omit<Problem, 'origin'>;
}

/** What is known of the disk that jobs write to. */
export interface PathSetting {
  /** Directory that no job may move away: none may renew an output directory that holds it. Absolute. Default: there is none. */
  readonly immovable?: string;
  /** Where a directory really lies, by its absolute path. Default: where that says. */
  readonly placeOf?: (path: string) => string;
}

/**
 * Two jobs with one log, with one output directory that either renews, or with one inside another's renewed directory; and
 * renewed directories that are or hold `immovable`.
 */
export function findPathConflicts(
  jobs: readonly JobSpec[],
  { immovable, placeOf = (path) => path }: PathSetting,
): JobProblem[] {
  const problems: JobProblem[] = [];
  const logs = new Map<string, number>();
  const odirs = new Map<string, number>();
  const renewed = new Map<string, number>();
  const records = immovable === undefined ? [] : [immovable, placeOf(immovable)];
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
    // By its name and by where that leads: whoever moves either takes away what others reach by it.
    const paths = [...new Set([spec.odir, placeOf(spec.odir)])];
    const others = spec.renewOdir ? odirs : renewed;
    const sameOdir = paths.map((path) => others.get(path)).find((other) => other !== undefined);
    if (sameOdir !== undefined && !isNamesake(sameOdir))
      problems.push({ job, problem: conflict('odir', jobs[sameOdir]!, spec) });
    for (const path of paths) {
      odirs.set(path, odirs.get(path) ?? job);
      if (spec.renewOdir) renewed.set(path, renewed.get(path) ?? job);
    }
    if (spec.renewOdir && records.some((record) => paths.some((path) => holds(path, record))))
      problems.push({ job, problem: movesRecord(spec, immovable ?? '') });
  }
  return isAnyRenewed ? problems.concat(findNested(jobs, renewed, placeOf)) : problems;
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

function findNested(
  jobs: readonly JobSpec[],
  renewed: ReadonlyMap<string, number>,
  placeOf: (path: string) => string,
): JobProblem[] {
  return jobs.flatMap(({ fullName, odir }, job) => {
    const outer = findOuter(odir, renewed) ?? findOuter(placeOf(odir), renewed);
    if (outer === undefined) return [];
    const message = `the odir of job "${fullName}" lies inside that of "${jobs[outer]!.fullName}", which is renewed`;
    const hint = 'put it elsewhere: renew_odir would move it away';
    return [{ job, problem: { code: 'nested-odir', message, hint } }];
  });
}

/** The job that renews a directory above a path. */
function findOuter(path: string, renewed: ReadonlyMap<string, number>): number | undefined {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const outer = renewed.get(path.slice(0, at));
    if (outer !== undefined) return outer;
  }
  return undefined;
}
