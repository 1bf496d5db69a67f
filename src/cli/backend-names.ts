// Names of the backends that are no batch engine's and no plugin's.

/** Backend of jobs that are only gone through the motions with. */
export const DRY_RUN = 'dry-run';

/** Backend of jobs that are pretended. */
export const FAKE = 'fake';

/** Backend of jobs that run on this machine. */
export const LOCAL = 'local';
