// Gives run, backends and resources their places in the ledger, and jobs their admission class.
import type { JobSpec } from '../model/job-spec.js';
import type { Limits } from '../model/run-event.js';
import { Ledger, type Claim } from './ledger.js';

/** What a constraint limits. `terminal` is the one terminal that interactive jobs take turns on. */
export type ConstraintName =
  | { readonly kind: 'run' }
  | { readonly kind: 'backend'; readonly name: string }
  | { readonly kind: 'resource'; readonly name: string }
  | { readonly kind: 'terminal' };

/** Jobs that ask for the same things of the same backend: where one fits, the others do. */
export interface JobClass {
  readonly backend: number;
  readonly claim: Claim;
}

/** The ledger of a run with names for its constraints, and the admission class of each of its jobs. */
export interface Constraints {
  readonly ledger: Ledger;
  readonly names: readonly ConstraintName[];
  readonly classes: readonly JobClass[];
  /** Class of each job. */
  readonly classOf: Int32Array;
}

/** Sets up the constraints for jobs on backends (`backendOf` gives an index into `backendNames` for each job). */
export function setUpConstraints(
  jobs: readonly JobSpec[],
  backends: { readonly names: readonly string[]; readonly of: Int32Array },
  limits: Limits,
): Constraints {
  const ledger = new Ledger();
  const names: ConstraintName[] = [];
  const define = (name: ConstraintName, limit: number | null | undefined): number => {
    names.push(name);
    return ledger.add(limit ?? Infinity);
  };
  const run = define({ kind: 'run' }, limits.run);
  const backendSlots = backends.names.map((name) => define({ kind: 'backend', name }, limits.backends[name]));
  const terminal = define({ kind: 'terminal' }, 1);
  const resources = new Map<string, number>();
  const resourceIndex = (name: string): number => {
    const known = resources.get(name);
    if (known !== undefined) return known;
    const limit = Object.hasOwn(limits.resources, name) ? limits.resources[name] : null;
    const index = define({ kind: 'resource', name }, limit);
    resources.set(name, index);
    return index;
  };
  for (const name of Object.keys(limits.resources)) resourceIndex(name);

  const classes: JobClass[] = [];
  const classByKey = new Map<string, number>();
  const classOf = new Int32Array(jobs.length);
  for (const [job, spec] of jobs.entries()) {
    const backend = backends.of[job]!;
    const demands = Object.entries(spec.resources)
      .filter(([, amount]) => amount !== 0)
      .map(([name, amount]) => [resourceIndex(name), amount ?? Infinity] as const)
      .sort(([a], [b]) => a - b);
    const key = `${String(backend)} ${String(spec.interactive)} ${demands.join(' ')}`;
    let known = classByKey.get(key);
    if (known === undefined) {
      const slots = [run, backendSlots[backend]!, ...(spec.interactive ? [terminal] : [])];
      known = classes.length;
      classByKey.set(key, known);
      classes.push({
        backend,
        claim: {
          constraints: [...slots, ...demands.map(([constraint]) => constraint)],
          amounts: [...slots.map(() => 1), ...demands.map(([, amount]) => amount)],
        },
      });
    }
    classOf[job] = known;
  }
  return { ledger, names, classes, classOf };
}

/** The limits a ledger holds, for people and events. */
export function readLimits(names: readonly ConstraintName[], ledger: Ledger): Limits {
  let run: number | null = null;
  const backends: Record<string, number | null> = {};
  const resources: Record<string, number | null> = {};
  for (const [constraint, name] of names.entries()) {
    const limit = ledger.limit(constraint);
    const shown = limit === Infinity ? null : limit;
    if (name.kind === 'run') run = shown;
    if (name.kind === 'backend') backends[name.name] = shown;
    if (name.kind === 'resource') resources[name.name] = shown;
  }
  return { run, backends, resources };
}

/** `slots of the run`, `slots of backend local`, `units of resource vcs`, `turns on the terminal`. */
export function describeConstraint(name: ConstraintName): string {
  switch (name.kind) {
    case 'run':
      return 'slots of the run';
    case 'backend':
      return `slots of backend ${name.name}`;
    case 'resource':
      return `units of resource ${name.name}`;
    case 'terminal':
      return 'turns on the terminal';
  }
}
