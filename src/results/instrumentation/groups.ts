// Finds, for each block and tool, the jobs and tests that took longest. Pure; sees each job once.
import type { JobSpec } from '../../model/job-spec.js';
import { reach } from '../../util/reach.js';
import { describeBlock, toSeconds } from '../job-result.js';
import type { GroupMetrics, LongJob, TestMetrics } from './schema.js';

/** Most jobs, and most tests, named in a group. */
const MOST_NAMED = 10;

interface Test {
  readonly name: string;
  readonly target: string;
  jobs: number;
  runtimeMs: number;
  longestMs: number;
}

interface Group {
  readonly block: string | null;
  readonly tool: string | null;
  jobs: number;
  runtimeMs: number;
  readonly longest: LongestJobs;
  /** By target and name. */
  readonly tests: Map<string, Map<string, Test>>;
}

/** Takes in the jobs that ran, in declaration order. */
export class Groups {
  readonly #groups: Group[] = [];
  /** By block and tool; texts that say both would be made for every job. */
  readonly #index = new Map<string | null, Map<string | null, Group>>();

  add(spec: JobSpec, runtimeMs: number): void {
    const group = this.#groupOf(spec);
    group.jobs++;
    group.runtimeMs += runtimeMs;
    group.longest.add(spec.fullName, runtimeMs);
    const { name, target } = spec;
    const test = reach(
      reach(group.tests, target, () => new Map<string, Test>()),
      name,
      () => {
        return { name, target, jobs: 0, runtimeMs: 0, longestMs: 0 };
      },
    );
    test.jobs++;
    test.runtimeMs += runtimeMs;
    test.longestMs = Math.max(test.longestMs, runtimeMs);
  }

  /** The group that took most time first; of equals, the one whose first job comes first. */
  read(): GroupMetrics[] {
    return this.#groups.toSorted(byRuntime).map(({ block, tool, jobs, runtimeMs, longest, tests }) => ({
      block,
      tool,
      jobs,
      job_runtime_s: toSeconds(runtimeMs),
      longest_jobs: longest.read(),
      longest_tests: [...tests.values()]
        .flatMap((byName) => [...byName.values()])
        .sort(byRuntime)
        .slice(0, MOST_NAMED)
        .map(toTestMetrics),
    }));
  }

  #groupOf(spec: JobSpec): Group {
    const block = spec.block === null ? null : describeBlock(spec.block);
    const tool = spec.tool?.name ?? null;
    return reach(
      reach(this.#index, block, () => new Map<string | null, Group>()),
      tool,
      () => {
        const group: Group = {
          block,
          tool,
          jobs: 0,
          runtimeMs: 0,
          longest: new LongestJobs(),
          tests: new Map(),
        };
        this.#groups.push(group);
        return group;
      },
    );
  }
}

/** The longest of many jobs, of equals the first. */
class LongestJobs {
  readonly #jobs: { readonly fullName: string; readonly runtimeMs: number }[] = [];

  add(fullName: string, runtimeMs: number): void {
    const least = this.#jobs[MOST_NAMED - 1];
    if (least !== undefined && runtimeMs <= least.runtimeMs) return;
    const at = this.#jobs.findIndex((job) => job.runtimeMs < runtimeMs);
    this.#jobs.splice(at === -1 ? this.#jobs.length : at, 0, { fullName, runtimeMs });
    this.#jobs.length = Math.min(this.#jobs.length, MOST_NAMED);
  }

  read(): LongJob[] {
    return this.#jobs.map(({ fullName, runtimeMs }) => ({
      full_name: fullName,
      job_runtime_s: toSeconds(runtimeMs),
    }));
  }
}

function toTestMetrics({ name, target, jobs, runtimeMs, longestMs }: Test): TestMetrics {
  return {
    name,
    target,
    jobs,
    job_runtime_s: toSeconds(runtimeMs),
    mean_s: toSeconds(runtimeMs / jobs),
    longest_s: toSeconds(longestMs),
  };
}

function byRuntime(one: { readonly runtimeMs: number }, other: { readonly runtimeMs: number }): number {
  return other.runtimeMs - one.runtimeMs;
}
