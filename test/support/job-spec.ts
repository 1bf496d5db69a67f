// Makes job specs for tests: a valid job with nothing special, and what the test says of it.
import type { JobSpec } from '../../src/model/job-spec.js';

/** A job spec named `fullName`; every field not given has its default. */
export function makeSpec(fullName: string, fields: Partial<JobSpec> = {}): JobSpec {
  return {
    fullName,
    name: fullName,
    qualName: fullName,
    jobType: null,
    target: 'run',
    backend: null,
    resources: {},
    seed: null,
    block: null,
    tool: null,
    dependencies: [],
    needsAllDependenciesPassing: true,
    weight: 1,
    timeoutMins: null,
    cmd: 'true',
    exports: {},
    dryRun: false,
    interactive: false,
    odir: `/scratch/${fullName}`,
    renewOdir: false,
    logPath: `/scratch/${fullName}/target.log`,
    linksDir: '/scratch',
    passPatterns: [],
    failPatterns: [],
    fake: null,
    ...fields,
  };
}
