// Makes job specs of well-formed jobs: fills in defaults, makes paths absolute, shares what is equal. Knows no JSON text.
import { resolve } from 'node:path';
import type { Block, Demand, FakeBehaviour, JobSpec, Tool } from '../model/job-spec.js';
import { safePathName } from '../util/safe-path-name.js';
import { ShareTable } from './share-table.js';
import type { AcceptedJob } from './schema.js';

/** What paths are relative to. */
export interface PathRoots {
  /** Directory that default output directories and status links are in. */
  readonly scratchRoot: string;
  /** Directory that relative paths in the list start from. */
  readonly cwd: string;
}

const NO_TEXTS: readonly string[] = Object.freeze([]);
const NO_NAMES = Object.freeze({});

/** Builds the specs of one list. */
export class SpecBuilder {
  readonly #roots: PathRoots;
  readonly #specs: JobSpec[] = [];
  /** Jobs with an odir of their own; the others have the default one. */
  readonly #ownOdirs = new Set<number>();
  /** Jobs with a log of their own. */
  readonly #ownLogs = new Set<number>();
  /** Whether some job shares its qual_name with others, or may do so. */
  #hasQualNames = false;
  readonly #texts = new ShareTable<readonly string[]>();
  readonly #dependencies = new ShareTable<readonly string[]>();
  readonly #exports = new ShareTable<Readonly<Record<string, string>>>();
  readonly #resources = new ShareTable<Demand>();
  readonly #blocks = new ShareTable<Block & Record<string, unknown>>();
  readonly #tools = new ShareTable<Tool & Record<string, unknown>>();

  constructor(roots: PathRoots) {
    const cwd = resolve(roots.cwd);
    this.#roots = { scratchRoot: resolve(cwd, roots.scratchRoot), cwd };
  }

  /** Adds the next job. */
  add(job: AcceptedJob): void {
    const fullName = job.full_name ?? job.id ?? job.name ?? '';
    const qualName = job.qual_name ?? fullName;
    const target = job.target ?? 'run';
    const index = this.#specs.length;
    if (job.odir !== undefined) this.#ownOdirs.add(index);
    if (job.log_path !== undefined) this.#ownLogs.add(index);
    this.#hasQualNames ||= qualName !== fullName;
    const odir = job.odir === undefined ? this.#inScratch(qualName) : makeAbsolute(this.#roots.cwd, job.odir);
    const spec: JobSpec = {
      fullName,
      name: job.name ?? fullName,
      qualName,
      jobType: job.job_type ?? null,
      target,
      backend: job.backend ?? null,
      resources: shareOr(this.#resources, job.resources, NO_NAMES),
      // A seed that a number does not hold exactly would be another seed.
      seed: Number.isSafeInteger(job.seed) ? (job.seed ?? null) : null,
      block: this.#block(job),
      tool: this.#tool(job),
      dependencies: shareOr(this.#dependencies, job.dependencies ?? job.deps, NO_TEXTS),
      needsAllDependenciesPassing: job.needs_all_dependencies_passing ?? true,
      weight: job.weight ?? 1,
      timeoutMins: job.timeout_mins ?? null,
      cmd: job.cmd,
      exports: shareOr(this.#exports, job.exports, NO_NAMES),
      dryRun: job.dry_run ?? false,
      interactive: job.interactive ?? false,
      odir,
      renewOdir: job.renew_odir ?? false,
      logPath:
        job.log_path === undefined
          ? defaultLogPath(odir, target)
          : makeAbsolute(this.#roots.cwd, job.log_path),
      linksDir: this.#linksDir(job),
      passPatterns: shareOr(this.#texts, job.pass_patterns, NO_TEXTS),
      failPatterns: shareOr(this.#texts, job.fail_patterns, NO_TEXTS),
      fake: readFake(job),
    };
    this.#specs.push(Object.freeze(spec));
  }

  /** The specs of all jobs added, in order, frozen. */
  finish(): readonly JobSpec[] {
    // Full names are not shared: two jobs of one name are an error, found later.
    if (this.#hasQualNames) for (const index of this.#findClashing()) this.#separate(index);
    return Object.freeze(this.#specs);
  }

  /** Jobs whose default odir would be that of another job. */
  #findClashing(): Set<number> {
    const firsts = new Map<string, number>();
    const clashing = new Set<number>();
    for (const [index, { qualName }] of this.#specs.entries()) {
      if (this.#ownOdirs.has(index)) continue;
      const first = firsts.get(qualName);
      if (first === undefined) firsts.set(qualName, index);
      else clashing.add(first).add(index);
    }
    return clashing;
  }

  /** Gives a job that shares its qual_name a default odir of its own, whatever the order of the jobs. */
  #separate(index: number): void {
    const spec = this.#specs[index];
    if (spec === undefined) return;
    // The slash keeps it apart from every directory named after a qual_name alone.
    const odir = this.#inScratch(`${spec.qualName}/${spec.fullName}`);
    const logPath = this.#ownLogs.has(index) ? spec.logPath : defaultLogPath(odir, spec.target);
    this.#specs[index] = Object.freeze({ ...spec, odir, logPath });
  }

  #inScratch(name: string): string {
    return `${this.#roots.scratchRoot}/${safePathName(name)}`;
  }

  #block({ block }: AcceptedJob): Block | null {
    if (block === undefined || block === null) return null;
    return this.#blocks.share({ name: block.name, variant: block.variant ?? '' });
  }

  #tool({ tool }: AcceptedJob): Tool | null {
    if (tool === undefined || tool === null) return null;
    return this.#tools.share({ name: tool.name, version: tool.version ?? '' });
  }

  #linksDir({ workspace_cfg: workspace }: AcceptedJob): string {
    const path = workspace?.scratch_path;
    return path === undefined ? this.#roots.scratchRoot : makeAbsolute(this.#roots.cwd, path);
  }
}

/** An empty, `.` or `..` component. */
const TO_RESOLVE = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** The same as `resolve`, which is ten times as slow where there is nothing to resolve. */
function makeAbsolute(cwd: string, path: string): string {
  const isAbsolute = path.startsWith('/');
  if (TO_RESOLVE.test(isAbsolute ? path.slice(1) : path) || cwd === '/') return resolve(cwd, path);
  return isAbsolute ? path : `${cwd}/${path}`;
}

/** Where a job's output goes when its list does not say. */
export function defaultLogPath(odir: string, target: string): string {
  return `${odir}/${safePathName(target)}.log`;
}

function shareOr<T extends readonly string[] | Readonly<Record<string, unknown>>>(
  table: ShareTable<T>,
  value: T | null | undefined,
  fallback: T,
): T {
  return value === undefined || value === null ? fallback : table.share(value);
}

function readFake({ fake }: AcceptedJob): FakeBehaviour | null {
  if (fake === undefined || fake === null) return null;
  const behaviour: { -readonly [Field in keyof FakeBehaviour]: FakeBehaviour[Field] } = {};
  if (fake.duration_s !== undefined) behaviour.durationS = fake.duration_s;
  if (fake.status !== undefined) behaviour.status = fake.status;
  if (fake.message !== undefined) behaviour.message = fake.message;
  return Object.freeze(behaviour);
}
