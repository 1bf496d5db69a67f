// Writes jobs as a job list of lines, without what reading fills in. Knows no file.
import type { JobSpec } from '../model/job-spec.js';
import { defaultLogPath } from './spec-builder.js';
import { toWire, type WireJob } from './to-wire.js';

/** The fields of a job's line. */
type Line = { -readonly [Field in keyof WireJob]?: WireJob[Field] };

/**
 * One line a job, each with its newline. Reading them with `scratchRoot` as the scratch root, and as the directory that paths
 * start from, gives equal specs.
 *
 * @param scratchRoot - Absolute. Paths below it are written relative to it.
 */
export function* formatJobLines(jobs: Iterable<JobSpec>, scratchRoot: string): Generator<string> {
  for (const spec of jobs) yield `${JSON.stringify(shorten(toWire(spec), scratchRoot))}\n`;
}

/** Leaves out what a field is when it is left out. Written out, field by field: every job of every run passes here. */
function shorten(job: WireJob, scratchRoot: string): Line {
  const { full_name, odir, log_path } = job;
  const line: Line = {};
  if (job.name !== full_name) line.name = job.name;
  if (job.job_type !== null) line.job_type = job.job_type;
  if (job.target !== 'run') line.target = job.target;
  if (job.backend !== null) line.backend = job.backend;
  if (!isEmpty(job.resources)) line.resources = job.resources;
  if (job.seed !== null) line.seed = job.seed;
  line.full_name = full_name;
  if (job.qual_name !== full_name) line.qual_name = job.qual_name;
  if (job.block !== null) line.block = job.block;
  if (job.tool !== null) line.tool = job.tool;
  if (job.workspace_cfg.scratch_path !== scratchRoot) line.workspace_cfg = job.workspace_cfg;
  if (!isEmpty(job.dependencies)) line.dependencies = job.dependencies;
  if (!job.needs_all_dependencies_passing) line.needs_all_dependencies_passing = false;
  if (job.weight !== 1) line.weight = job.weight;
  if (job.timeout_mins !== null) line.timeout_mins = job.timeout_mins;
  line.cmd = job.cmd;
  if (!isEmpty(job.exports)) line.exports = job.exports;
  if (job.dry_run) line.dry_run = true;
  if (job.interactive) line.interactive = true;
  line.odir = makeRelative(odir, scratchRoot);
  if (job.renew_odir) line.renew_odir = true;
  if (log_path !== defaultLogPath(odir, job.target)) line.log_path = makeRelative(log_path, scratchRoot);
  if (!isEmpty(job.pass_patterns)) line.pass_patterns = job.pass_patterns;
  if (!isEmpty(job.fail_patterns)) line.fail_patterns = job.fail_patterns;
  if (job.fake !== null) line.fake = job.fake;
  return line;
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

function makeRelative(path: string, root: string): string {
  const isBelow = path.startsWith(root) && path[root.length] === '/' && path[root.length + 1] !== '/';
  return isBelow ? path.slice(root.length + 1) : path;
}
