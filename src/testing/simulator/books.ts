// What an observer of a run can know of its jobs, and what they hold. Knows nothing of the core's state, and no rule.
import type { JobSpec } from '../../model/job-spec.js';
import type { Reason } from '../../model/reason.js';
import type { Limits } from '../../model/run-event.js';
import type { JobStatus } from '../../model/status.js';

/** What is known of one job. */
export interface JobBook {
  status: JobStatus;
  attempt: number;
  /** Attempts that some message said were accepted. */
  accepted: number;
  inFlight: boolean;
  /** Its backend has said something about the current attempt. */
  isAnswered: boolean;
  /** Its backend has accepted the current attempt. */
  isAccepted: boolean;
  /** Why it is to be killed: the first reason asked for. */
  killReason: Reason | null;
  /** The kill was passed on to its backend. */
  isKillSent: boolean;
  /** It was given up before any answer; an acceptance may still come. */
  isAbandoned: boolean;
  /** It was given up and then accepted, and must be killed. */
  isOrphan: boolean;
  /** It was with a backend when the run's process died, and must be asked after. */
  mustAdopt: boolean;
  /** When it started, as far as that process knew; null: it did not. */
  oldStartMs: number | null;
  /** The process that died had asked for its kill, and nobody has since. */
  isOldKill: boolean;
  /** It is to be killed and to run again. */
  runsAgain: boolean;
  queuedAtMs: number;
  /** When it will have run too long. */
  limitAtMs: number;
  /** The attempt that is over, and whose log is being read. */
  left: number;
  /** Why it failed or was killed. */
  reason: Reason | null;
}

/** One thing a job needs: its name, how much (null: without limit), the limit (null: none), and how much jobs in flight hold. */
export interface Need {
  readonly what: string;
  readonly amount: number | null;
  readonly limit: number | null;
  readonly used: number;
}

/** Books of all jobs of a run. */
export class Books {
  readonly jobs: readonly JobSpec[];
  readonly all: readonly JobBook[];
  limits: Limits;
  readonly #index: ReadonlyMap<string, number>;
  readonly #used = new Map<string, number>();

  constructor(jobs: readonly JobSpec[], limits: Limits) {
    this.jobs = jobs;
    this.limits = limits;
    this.#index = new Map(jobs.map(({ fullName }, job) => [fullName, job]));
    this.all = jobs.map(() => ({
      status: 'scheduled',
      attempt: 0,
      accepted: 0,
      inFlight: false,
      isAnswered: false,
      isAccepted: false,
      killReason: null,
      isKillSent: false,
      isAbandoned: false,
      isOrphan: false,
      mustAdopt: false,
      oldStartMs: null,
      isOldKill: false,
      runsAgain: false,
      queuedAtMs: 0,
      limitAtMs: Infinity,
      left: 0,
      reason: null,
    }));
  }

  of(job: number): JobBook {
    const book = this.all[job];
    if (book === undefined) throw new Error(`there is no job ${job}`);
    return book;
  }

  spec(job: number): JobSpec {
    const spec = this.jobs[job];
    if (spec === undefined) throw new Error(`there is no job ${job}`);
    return spec;
  }

  named(name: string): JobBook {
    return this.of(this.#index.get(name) ?? -1);
  }

  backendOf(job: number): string {
    return this.spec(job).backend ?? '';
  }

  /** Jobs that are ready and with no backend. */
  waiting(): number[] {
    return [...this.all.keys()].filter((job) => this.isWaiting(job));
  }

  isWaiting(job: number): boolean {
    const { status, inFlight } = this.of(job);
    return status === 'queued' && !inFlight;
  }

  dependencyStatuses(job: number): JobStatus[] {
    return this.spec(job).dependencies.map((name) => this.named(name).status);
  }

  setInFlight(job: number, inFlight: boolean): void {
    const book = this.of(job);
    if (book.inFlight === inFlight) return;
    book.inFlight = inFlight;
    for (const { what, amount } of this.needs(job)) {
      this.#used.set(what, (this.#used.get(what) ?? 0) + (inFlight ? 1 : -1) * (amount ?? 0));
    }
  }

  needs(job: number): Need[] {
    const { interactive, resources } = this.spec(job);
    const backend = this.backendOf(job);
    const need = (what: string, amount: number | null, limit: number | null | undefined): Need => ({
      what,
      amount,
      limit: limit ?? null,
      used: this.#used.get(what) ?? 0,
    });
    return [
      need('run', 1, this.limits.run),
      need(`backend ${backend}`, 1, this.limits.backends[backend]),
      ...(interactive ? [need('terminal', 1, 1)] : []),
      ...Object.entries(resources)
        .filter(([, amount]) => amount !== 0)
        .map(([name, amount]) => need(name, amount, this.limits.resources[name])),
    ];
  }

  /** Whether a job fits now, with what `aside` asks of resources kept free, or had `without` not started. */
  fits(job: number, but: { readonly aside?: number; readonly without?: number } = {}): boolean {
    const aside = but.aside === undefined ? {} : this.spec(but.aside).resources;
    const without = but.without === undefined ? [] : this.needs(but.without);
    return this.needs(job).every(({ what, amount, limit, used }) => {
      if (limit === null) return true;
      if (amount === null) return false;
      const given = without.find((need) => need.what === what)?.amount ?? 0;
      return used - given + (aside[what] ?? 0) + amount <= limit;
    });
  }

  /** Whether small jobs could starve it: it needs several units or resources, and there are so many. */
  isLarge(job: number): boolean {
    const amounts = Object.values(this.spec(job).resources).filter((amount) => amount !== 0);
    const isLarge = amounts.length > 1 || amounts.some((amount) => amount === null || amount > 1);
    return (
      isLarge &&
      this.needs(job).every(({ amount, limit }) => limit === null || (amount !== null && amount <= limit))
    );
  }
}
