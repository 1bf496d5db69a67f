// Jobs for runs that are crashed: each counts its starts in a file of its own, outside of what the run makes. Knows no crash.
import { createRandom } from '../../src/util/random.js';

/** A job of a job list, as far as these tests use it. */
export interface CrashJob {
  readonly full_name: string;
  readonly cmd: string;
  readonly deps?: readonly string[];
  readonly needs_all_dependencies_passing?: boolean;
  readonly fail_patterns?: readonly string[];
  readonly pass_patterns?: readonly string[];
}

/** What a job does before anything else; `$STARTS` is a folder. */
const count = (name: string): string => `echo x >> "$STARTS/${name}"`;

function makeJob(name: string, does: string, fields: Omit<CrashJob, 'full_name' | 'cmd'> = {}): CrashJob {
  return { full_name: name, cmd: `${count(name)}; ${does}`, ...fields };
}

/** Builds, tests that pass and fail in several ways, a merge that needs any of them, and what comes after. */
export const SMALL: readonly CrashJob[] = [
  makeJob('build-a', 'sleep 0.1'),
  makeJob('build-b', 'true'),
  makeJob('lint', 'echo lint error; exit 3'),
  makeJob('signoff', 'true', { deps: ['lint', 'build-a'] }),
  makeJob('a-pass', 'echo TEST PASSED', { deps: ['build-a'], pass_patterns: ['^TEST PASSED$'] }),
  makeJob('a-fail', 'echo UVM_ERROR at 5', { deps: ['build-a'], fail_patterns: ['^UVM_ERROR'] }),
  makeJob('a-slow', 'sleep 0.3', { deps: ['build-a'] }),
  makeJob('b-pass', 'sleep 0.05', { deps: ['build-b'] }),
  makeJob('b-abort', 'kill -ABRT $$', { deps: ['build-b'] }),
  makeJob('b-slow', 'sleep 0.2; exit 1', { deps: ['build-b'] }),
  makeJob('merge', 'true', {
    deps: ['a-pass', 'a-fail', 'a-slow', 'b-pass', 'b-abort', 'b-slow'],
    needs_all_dependencies_passing: false,
  }),
  makeJob('report', 'true', { deps: ['merge'] }),
];

/** A few builds and many tests, of which some fail and some take longer; the same for the same seed. */
export function drawJobs(seed: number, tests: number): readonly CrashJob[] {
  const random = createRandom(seed);
  const builds = Array.from({ length: 4 }, (_, i) => makeJob(`build-${i}`, 'sleep 0.05'));
  const runs = Array.from({ length: tests }, (_, i) => {
    const sleep = random() < 0.1 ? 'sleep 0.3; ' : '';
    const end = random() < 0.1 ? 'exit 2' : 'true';
    return makeJob(`test-${i}`, `${sleep}${end}`, { deps: [`build-${i % builds.length}`] });
  });
  const merges = builds.map((_, build) =>
    makeJob(`merge-${build}`, 'true', {
      deps: runs.filter((_run, i) => i % builds.length === build).map(({ full_name }) => full_name),
      needs_all_dependencies_passing: false,
    }),
  );
  return [...builds, ...runs, ...merges];
}
