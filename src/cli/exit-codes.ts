// Names every exit code of the command line; knows not when each is used.

/** Exit codes of `regatta`. Scripts depend on them: a number here never changes its meaning. */
export const ExitCode = {
  /** Every job passed, or there was nothing to judge. */
  OK: 0,
  /** At least one job failed or was killed. */
  JOBS_FAILED: 1,
  /** Bad usage or bad input; nothing was run. */
  USAGE: 2,
  /** A defect of Regatta itself, or results that could not be written although every job passed. */
  INTERNAL: 3,
  /** Stopped by SIGHUP (128 + 1). */
  SIGHUP: 129,
  /** Stopped by SIGINT (128 + 2). */
  SIGINT: 130,
  /** Stopped by SIGTERM (128 + 15). */
  SIGTERM: 143,
} as const;

/** One of the values of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
