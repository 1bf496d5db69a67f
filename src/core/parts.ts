// The state a core is made of, for those who only look at it.
import type { JobGraph } from '../graph/graph.js';
import type { Constraints } from '../resources/constraints.js';
import type { Admission } from './admission.js';
import type { JobTable } from './job-table.js';

/** The backends of a run and who runs where. */
export interface BackendsOfRun {
  readonly names: readonly string[];
  /** Index into `names` for each job. */
  readonly of: Int32Array;
}

/** State of a run; read only. */
export interface CoreParts {
  readonly graph: JobGraph;
  readonly backends: BackendsOfRun;
  readonly table: JobTable;
  readonly constraints: Constraints;
  readonly admission: Admission;
}
