// Makes a failing scenario smaller while it still fails, so that its trace can be read. Knows nothing of why it fails.
import type { Faults, Scenario } from './scenario.js';

/** Scenarios tried at most. */
const MAX_TRIES = 300;

/** A scenario that still `fails`, with as few jobs and faults as were found; `scenario` itself if none is smaller. */
export function shrink(scenario: Scenario, fails: (smaller: Scenario) => boolean): Scenario {
  let best = scenario;
  let tries = 0;
  const attempt = (smaller: Scenario): boolean => {
    if (tries++ >= MAX_TRIES || !fails(smaller)) return false;
    best = smaller;
    return true;
  };
  for (let count = Math.ceil(scenario.jobs.length / 2); count >= 1; count = Math.floor(count / 2)) {
    for (let from = 0; from < best.jobs.length;) {
      if (!attempt(withoutJobs(best, from, count))) from += count;
    }
  }
  for (const fault of Object.keys(best.faults) as (keyof Faults)[]) {
    attempt({ ...best, faults: { ...best.faults, [fault]: 0 } });
  }
  attempt({ ...best, crashes: { ...best.crashes, probability: 0, most: 0 } });
  attempt({ ...best, meddling: { probability: 0, most: 0 } });
  return best;
}

function withoutJobs(scenario: Scenario, from: number, count: number): Scenario {
  const gone = new Set(scenario.jobs.slice(from, from + count).map(({ fullName }) => fullName));
  const kept = scenario.jobs.filter(({ fullName }) => !gone.has(fullName));
  return {
    ...scenario,
    jobs: kept.map((job) => ({
      ...job,
      dependencies: job.dependencies.filter((name) => !gone.has(name)),
    })),
  };
}
