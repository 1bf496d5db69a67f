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

/** Sets up the constraints for jobs on backends (`of` gives an index into `names` for each job). */
export function setUpConstraints(
  jobs: readonly JobSpec[],
  backends: { readonly names: readonly string[]; readonly of: Int32Array },
  limits: Limits,
): Constraints {
  const book = new ConstraintBook(backends.names, limits);
  const classifier = new Classifier(book);
  const classOf = new Int32Array(jobs.length);
  for (let job = 0; job < jobs.length; job++) {
    classOf[job] = classifier.classify(jobs[job]!, backends.of[job]!);
  }
  return { ledger: book.ledger, names: book.names, classes: classifier.classes, classOf };
}

/** Constraints by what they limit. */
class ConstraintBook {
  readonly ledger = new Ledger();
  readonly names: ConstraintName[] = [];
  readonly run: number;
  readonly backends: readonly number[];
  readonly terminal: number;
  readonly #limits: Limits['resources'];
  readonly #resources = new Map<string, number>();

  constructor(backends: readonly string[], limits: Limits) {
    this.run = this.#add({ kind: 'run' }, limits.run);
    this.backends = backends.map((name) =>
      this.#add({ kind: 'backend', name }, ownLimit(limits.backends, name)),
    );
    this.terminal = this.#add({ kind: 'terminal' }, 1);
    this.#limits = limits.resources;
    for (const name of Object.keys(limits.resources)) this.resource(name);
  }

  /** The constraint of a resource; one without a limit is made when it is first asked for. */
  resource(name: string): number {
    const known = this.#resources.get(name);
    if (known !== undefined) return known;
    const constraint = this.#add({ kind: 'resource', name }, ownLimit(this.#limits, name));
    this.#resources.set(name, constraint);
    return constraint;
  }

  #add(name: ConstraintName, limit: number | null): number {
    this.names.push(name);
    return this.ledger.add(limit ?? Infinity);
  }
}

/** Names are the user's: `constructor` is one like others. */
function ownLimit(limits: Readonly<Record<string, number | null>>, name: string): number | null {
  return Object.hasOwn(limits, name) ? (limits[name] ?? null) : null;
}

/** Gives each job its class; jobs that ask for the same in another order share one. */
class Classifier {
  readonly classes: JobClass[] = [];
  readonly #book: ConstraintBook;
  /** Classes by what is asked for, in each order met. */
  readonly #known = new Map<string, number>();

  constructor(book: ConstraintBook) {
    this.#book = book;
  }

  classify({ resources, interactive }: JobSpec, backend: number): number {
    const head = `${backend}${interactive ? 'i' : ''}`;
    let key = head;
    for (const name of Object.keys(resources)) {
      const amount = resources[name] ?? Infinity;
      if (amount > 0) key += ` ${this.#book.resource(name)}:${amount}`;
    }
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const demands = Object.entries(resources)
      .filter(([, amount]) => amount !== 0)
      .map(([name, amount]) => [this.#book.resource(name), amount ?? Infinity] as const)
      .sort(([a], [b]) => a - b);
    const sortedKey = [head, ...demands.map((demand) => demand.join(':'))].join(' ');
    const found = this.#known.get(sortedKey) ?? this.#add(backend, interactive, demands);
    this.#known.set(sortedKey, found);
    this.#known.set(key, found);
    return found;
  }

  #add(backend: number, interactive: boolean, demands: readonly (readonly [number, number])[]): number {
    const { run, backends, terminal } = this.#book;
    const slots = [run, backends[backend]!, ...(interactive ? [terminal] : [])];
    this.classes.push({
      backend,
      claim: {
        constraints: [...slots, ...demands.map(([constraint]) => constraint)],
        amounts: [...slots.map(() => 1), ...demands.map(([, amount]) => amount)],
      },
    });
    return this.classes.length - 1;
  }
}

/** The limits a ledger holds, for people and events. */
export function readLimits(names: readonly ConstraintName[], ledger: Ledger): Limits {
  const shown = (constraint: number): number | null => {
    const limit = ledger.limit(constraint);
    return limit === Infinity ? null : limit;
  };
  const ofKind = (kind: 'backend' | 'resource'): Record<string, number | null> =>
    Object.fromEntries(
      names.flatMap((name, constraint) => (name.kind === kind ? [[name.name, shown(constraint)]] : [])),
    );
  const run = names.findIndex(({ kind }) => kind === 'run');
  return { run: shown(run), backends: ofKind('backend'), resources: ofKind('resource') };
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
