// Ends a test run with the skipped tests by name and one countable line; knows nothing of why a test skips.
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/** What the closing lines need of a test that ran or was skipped. */
export interface TestRecord {
  /** File and titles, outermost first, joined by ` > `. */
  readonly fullName: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, when it told; a test under `needs` says it in its title. */
  readonly reason: string | undefined;
}

/**
 * Words the end of a run.
 *
 * @param tests - Every test of the run, in the order to print.
 * @param otherErrors - Failures that belong to no test: files that did not load, unhandled errors.
 * @returns Lines without line ends; the last is exactly `N passed, N failed, N skipped`.
 */
export function summarize(tests: readonly TestRecord[], otherErrors: number): string[] {
  const count = (state: TestRecord['state']): number => tests.filter((test) => test.state === state).length;
  const skipped = tests.filter((test) => test.state === 'skipped');
  return [
    ...(skipped.length > 0 ? ['Skipped tests:'] : []),
    ...skipped.map(({ fullName, reason }) => `  ${fullName}${reason === undefined ? '' : ` (${reason})`}`),
    ...(otherErrors > 0 ? [`Errors outside tests: ${otherErrors} (counted as failed)`] : []),
    `${count('passed')} passed, ${count('failed') + otherErrors} failed, ${count('skipped')} skipped`,
  ];
}

/** Vitest reporter that prints {@link summarize} on standard output when the run ends. */
export class SummaryReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()].map(toRecord));
    const lines = summarize(tests, unhandledErrors.length + countErrorsOutsideTests(modules));
    this.#vitest?.logger.log(`${lines.join('\n')}`);
  }
}

function toRecord(test: TestCase): TestRecord {
  const result = test.result();
  return {
    fullName: `${test.module.relativeModuleId} > ${test.fullName}`,
    // A test left pending had its run cut short: nothing vouches for it.
    state: result.state === 'pending' ? 'failed' : result.state,
    reason: result.state === 'skipped' ? result.note : undefined,
  };
}

function countErrorsOutsideTests(modules: readonly TestModule[]): number {
  let count = 0;
  for (const module of modules) {
    count += module.errors().length;
    for (const suite of module.children.allSuites()) count += suite.errors().length;
  }
  return count;
}
