// How the tests run; knows no test. The summary reporter comes last: its closing line is the last one.
import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/summary-reporter.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    reporters: ['default', new SummaryReporter()],
    // Tests wait for processes more than they compute, so no processor is left out: on two of them that halves the time.
    maxWorkers: '100%',
    // Generous, because the machine may be shared; a test that waits says for what by `eventually`.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
