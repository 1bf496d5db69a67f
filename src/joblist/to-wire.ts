// Writes a job spec in the form of a job list: the inverse of reading. Knows no file.
import type { JobSpec } from '../model/job-spec.js';

/** A job as we write it: every field of a job list's job but the aliases and those that are ignored. */
export interface WireJob {
  readonly name: string;
  readonly job_type: string | null;
  readonly target: string;
  readonly backend: string | null;
  readonly resources: Readonly<Record<string, number | null>>;
  readonly seed: number | null;
  readonly full_name: string;
  readonly qual_name: string;
  readonly block: { readonly name: string; readonly variant: string } | null;
  readonly tool: { readonly name: string; readonly version: string } | null;
  readonly workspace_cfg: { readonly scratch_path: string };
  readonly dependencies: readonly string[];
  readonly needs_all_dependencies_passing: boolean;
  readonly weight: number;
  readonly timeout_mins: number | null;
  readonly cmd: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dry_run: boolean;
  readonly interactive: boolean;
  readonly odir: string;
  readonly renew_odir: boolean;
  readonly log_path: string;
  readonly pass_patterns: readonly string[];
  readonly fail_patterns: readonly string[];
  readonly fake: {
    readonly duration_s?: number;
    readonly status?: 'passed' | 'failed' | 'killed';
    readonly message?: string;
  } | null;
}

/** The job in a job list's form, fields in a fixed order. Reading it gives an equal spec, wherever it is read. */
export function toWire(spec: JobSpec): WireJob {
  return {
    name: spec.name,
    job_type: spec.jobType,
    target: spec.target,
    backend: spec.backend,
    resources: spec.resources,
    seed: spec.seed,
    full_name: spec.fullName,
    qual_name: spec.qualName,
    block: spec.block,
    tool: spec.tool,
    workspace_cfg: { scratch_path: spec.linksDir },
    dependencies: spec.dependencies,
    needs_all_dependencies_passing: spec.needsAllDependenciesPassing,
    weight: spec.weight,
    timeout_mins: spec.timeoutMins,
    cmd: spec.cmd,
    exports: spec.exports,
    dry_run: spec.dryRun,
    interactive: spec.interactive,
    odir: spec.odir,
    renew_odir: spec.renewOdir,
    log_path: spec.logPath,
    pass_patterns: spec.passPatterns,
    fail_patterns: spec.failPatterns,
    fake: spec.fake === null ? null : fakeToWire(spec.fake),
  };
}

function fakeToWire(fake: NonNullable<JobSpec['fake']>): NonNullable<WireJob['fake']> {
  return {
    ...(fake.durationS === undefined ? {} : { duration_s: fake.durationS }),
    ...(fake.status === undefined ? {} : { status: fake.status }),
    ...(fake.message === undefined ? {} : { message: fake.message }),
  };
}
