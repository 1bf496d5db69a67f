// Starts a launcher process before the modules of a run are loaded, beside which it comes up. Loads little itself.
import { SpareLauncher } from '../backends/local/launcher-process.js';
import type { RawOptions } from '../flow/options/read-options.js';
import { LOCAL } from './backend-names.js';

/** Null for a run that has no job on this machine, as far as its options tell. */
export function startSpareLauncher({
  backend = LOCAL,
  dryRun,
  virtualClock,
  list,
}: RawOptions): SpareLauncher | null {
  return backend !== LOCAL || [dryRun, virtualClock, list].some(Boolean) ? null : new SpareLauncher();
}
