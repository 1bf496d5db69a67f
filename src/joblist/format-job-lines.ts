// Writes jobs as a job list of lines, without what reading fills in. Knows no file.
import type { JobSpec } from '../model/job-spec.js';
import { defaultLogPath } from './spec-builder.js';
import { toWire, type WireJob } from './to-wire.js';

/** The fields of a job's line; those that are undefined are left out of it. */
type Line = { readonly [Field in keyof WireJob]: WireJob[Field] | undefined };

/**
 * One line a job, each with its newline. Reading them with `scratchRoot` as the scratch root, and as the directory that paths
 * start from, gives equal specs.
 *
 * @param scratchRoot - Absolute. Paths below it are written relative to it.
 */
export function* formatJobLines(jobs: Iterable<JobSpec>, scratchRoot: string): Generator<string> {
  for (const spec of jobs) yield `${JSON.stringify(shorten(toWire(spec), scratchRoot))}\n`;
}

function shorten(job: WireJob, scratchRoot: string): Line {
  const { full_name, odir, log_path } = job;
  return {
    name: unless(full_name, job.name),
    job_type: unless(null, job.job_type),
    target: unless('run', job.target),
    backend: unless(null, job.backend),
    resources: unlessEmpty(job.resources),
    seed: unless(null, job.seed),
    full_name,
    qual_name: unless(full_name, job.qual_name),
    block: unless(null, job.block),
    tool: unless(null, job.tool),
    workspace_cfg: job.workspace_cfg.scratch_path === scratchRoot ? undefined : job.workspace_cfg,
    dependencies: unlessEmpty(job.dependencies),
    needs_all_dependencies_passing: unless(true, job.needs_all_dependencies_passing),
    weight: unless(1, job.weight),
    timeout_mins: unless(null, job.timeout_mins),
    cmd: job.cmd,
    exports: unlessEmpty(job.exports),
    dry_run: unless(false, job.dry_run),
    interactive: unless(false, job.interactive),
    odir: makeRelative(odir, scratchRoot),
    renew_odir: unless(false, job.renew_odir),
    log_path: log_path === defaultLogPath(odir, job.target) ? undefined : makeRelative(log_path, scratchRoot),
    pass_patterns: unlessEmpty(job.pass_patterns),
    fail_patterns: unlessEmpty(job.fail_patterns),
    fake: unless(null, job.fake),
  };
}

/** The value, but for the one that the field has when it is left out. */
function unless<T>(leftOut: T, value: T): T | undefined {
  return value === leftOut ? undefined : value;
}

function unlessEmpty<T extends object>(value: T): T | undefined {
  for (const _ in value) return value;
  return undefined;
}

function makeRelative(path: string, root: string): string {
  const isBelow = path.startsWith(root) && path[root.length] === '/' && path[root.length + 1] !== '/';
  return isBelow ? path.slice(root.length + 1) : path;
}
