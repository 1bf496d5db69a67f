// The words of a log that is not there, for every report that names one. Pure.

/** What is said of the log, after its path. */
export const LOG_MISSING = 'was not there when this report was made';

/** What is said of lines of such a log. */
export const EXCERPT_KEPT = 'Lines that the record of the run has kept of it:';
