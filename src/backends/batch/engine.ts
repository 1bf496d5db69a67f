// What one batch engine is to Regatta: how its commands are worded and its answers read. An engine is data and pure functions;
// it runs nothing, keeps nothing, and knows no job. The batch backend (`batch-backend.ts`) does everything else with it.
//
// To add an engine, write one `BatchEngine` (see `engines/slurm.ts`), and pass the conformance suite with it. What the backend takes off
// an engine's hands: files, journalling, rate limit, spool of exit statuses, watching, retries, time, finding lost submissions.
//
// How a task comes to run: the backend writes a directory for the array, with one file for each task, and a script that needs to be
// told its task number; the engine's submit command starts that script once a task. The script's own record of exit status and
// usage is the first source of truth; what the engine says of an end counts only when there is no such record.

/** One call of one program of the engine. Never through a shell. Job names, commands and environments never appear in it. */
export interface EngineCommand {
  /** Looked up on PATH. */
  readonly program: string;
  readonly args: readonly string[];
  /** Text for the standard input; default none (`/dev/null`). */
  readonly stdin?: string;
  /** Variables set on top of our own environment, e.g. to get untruncated output. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * What the program says on its standard error when it begins to wait for better times by itself. It is ended then, and what it has said
   * is its answer, with exit code 1. Default: it never does.
   */
  readonly stallsOn?: RegExp;
}

/** What a program answered. One that is absent, was ended for being too slow, or said too much never gets here. */
export interface CommandAnswer {
  readonly exitCode: number;
  /** At most 64 MiB. */
  readonly stdout: string;
  /** At most 64 KiB. */
  readonly stderr: string;
}

/** What every task of one array asks for. Jobs that differ in any of it never share an array. */
export interface TaskDemand {
  /** Processors, >= 1; null: the engine's default. */
  readonly cpus: number | null;
  /** Memory of the task in MiB, >= 1; null: the engine's default. */
  readonly memoryMib: number | null;
  /** Longest run time in whole minutes, >= 1, the margin included; null: the engine's default. */
  readonly timeLimitMins: number | null;
  /** Units of each licence or consumable that the site says the engine knows; names of letters, digits, `_`, `-`, `.`, `@`; units >= 1. */
  readonly licences: Readonly<Record<string, number>>;
  /** Values of the engine's {@link BatchEngine.options}, by name; only names the engine declares, only values that pass its check. */
  readonly options: Readonly<Record<string, string>>;
  /** Free-form arguments of the user for the submit command, to be passed as they are, last of the options. */
  readonly extraArgs: readonly string[];
}

/** An array to submit. */
export interface ArrayRequest {
  /** Unique for ever; letters, digits and `-`, at most 48 of them. The engine must be able to list jobs with their names. */
  readonly name: string;
  /** Tasks are numbered 1 to `taskCount`; >= 1, and at most the array limit. */
  readonly taskCount: number;
  /**
   * Absolute path of the script. It takes its task number from its first argument if it has one, else from the variable
   * {@link BatchEngine.taskVariable}, else it is task 1: what an engine does with a single job that it makes no array of.
   */
  readonly script: string;
  /** Absolute path of the array's own directory; it exists, and files of the submission go there. */
  readonly directory: string;
  readonly demand: TaskDemand;
}

/** How an array is submitted. */
export interface SubmitOrder {
  readonly command: EngineCommand;
  /** Files the command needs (a submit description), by name; written to the array's directory first. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What the answer to a submit command means. `message`: the engine's own words, one line. */
export type SubmitReply =
  /** All of it is in the queue. `id`: the engine's id of the array, as its other commands want it, without a task. */
  | { readonly kind: 'submitted'; readonly id: string }
  /** Nothing of it is in the queue, and it may be later: full, out of licences, limits of the user, no connection made. */
  | { readonly kind: 'busy'; readonly message: string }
  /** Nothing of it is in the queue, and never will be: no such partition, impossible request. The jobs fail with the message. */
  | { readonly kind: 'rejected'; readonly message: string }
  /** It may be in the queue: the connection broke, or the answer makes no sense. The backend looks for it by name. */
  | { readonly kind: 'unclear'; readonly message: string };

/** How an engine says a task ended. Used where the task left no record of its own, or died by a signal nobody here sent. */
export type EngineEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** `signal`: its name, `SIGSEGV`. */
  | { readonly kind: 'signalled'; readonly signal: string }
  /** The engine's time limit, or a deadline of the engine's. */
  | { readonly kind: 'timeout' }
  | { readonly kind: 'out-of-memory' }
  /**
   * By a command: ours, or somebody else's. `by`: who, where the engine tells. `launchFailure`: set where it may as well be the engine that
   * cancelled what a node could not launch, in its words; a task that left no record is taken for that, and its job is run again.
   */
  | { readonly kind: 'cancelled'; readonly by: string | null; readonly launchFailure?: string }
  /** The infrastructure's doing: node failed, preempted, revoked. The job is run again. `message`: the engine's words. */
  | { readonly kind: 'infrastructure'; readonly message: string }
  /** It never started, and never will; e.g. the node could not launch it. */
  | { readonly kind: 'not-started'; readonly message: string }
  /** It is over, and the engine cannot say how. */
  | { readonly kind: 'unknown' };

/** Where a task is. */
export type TaskState =
  /** Waits for a slot, licence, or the like. `reason`: the engine's word for what it waits for; null: it says nothing. */
  | { readonly kind: 'pending'; readonly reason: string | null }
  /**
   * Held by a user or an administrator: will not start unless somebody acts. Given up after a while. `isLaunchFailure`: held by the engine, for
   * a node could not launch it; it is cancelled soon, and its job is run again. Default false.
   */
  | { readonly kind: 'held'; readonly reason: string; readonly isLaunchFailure?: boolean }
  /** In the queue, and the engine says it can never start. It is cancelled, and the job fails with the reason. */
  | { readonly kind: 'hopeless'; readonly reason: string }
  /** Running, suspended, or not yet cleaned up after. */
  | { readonly kind: 'running' }
  /** Ended, and still remembered by the engine. */
  | { readonly kind: 'ended'; readonly end: EngineEnd };

/** What the engine says of some tasks of one array, all in one state. */
export interface TaskReport {
  /** The array's id as {@link SubmitReply} gave it. */
  readonly id: string;
  /** The array's name, where the answer has it; needed at least for what the engine may have taken without our knowing. */
  readonly arrayName: string | null;
  readonly tasks: readonly number[];
  readonly state: TaskState;
}

/** The answer to a query. Lines that make no sense are left out and counted; while there are any, no task is taken for gone. */
export type QueryReply =
  | { readonly kind: 'answered'; readonly reports: readonly TaskReport[]; readonly garbled: number }
  /** The engine cannot be asked now; it says nothing about any task. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Which jobs a query is about: all of one run, and no others. */
export interface QueryScope {
  /** What the names of all arrays of the run begin with, and no other job's; of letters, digits and `-`. */
  readonly namePrefix: string;
  /** Login name of the user, or the numeric id where there is no name. */
  readonly user: string;
}

/** Some tasks of one array, by the array's id; `tasks` null: all of them, always so for an array of one. Task numbers are sorted. */
export interface TaskTarget {
  readonly id: string;
  readonly tasks: readonly number[] | null;
}

/** The answer to a probe. */
export type ProbeReply =
  /**
   * `arrayLimit`: most tasks of one array; null: no limit known (1,000 is taken then). 1: the engine has no arrays.
   * `facts`: what is worth knowing about this site's engine (version, cluster name), in words, for `regatta doctor`.
   */
  | { readonly kind: 'answered'; readonly arrayLimit: number | null; readonly facts: readonly string[] }
  /** It is not set up for this user or machine, and will not be by waiting. The run does not begin. */
  | { readonly kind: 'unusable'; readonly message: string }
  /** It does not answer now. The run begins, and waits. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** An option of an engine: `--backend-opt <engine>.<name>=<value>`, or the same name in the config file. */
export interface EngineOption {
  /** What it is, for help and documents: `partition to submit to`. */
  readonly help: string;
  /** What is wrong with a value, as the end of a sentence (`must be a whole number`); null: nothing. Default: any non-empty line. */
  readonly check?: (value: string) => string | null;
}

/**
 * One batch engine. Every function is pure and total: garbage in gives `unavailable`, `unclear` or a count of garbled lines,
 * never an exception. `reason` and `message` texts are the engine's own words, one line, without a full stop.
 */
export interface BatchEngine {
  /** Name of the backend: lower-case letters, digits and `-`. */
  readonly name: string;
  /** Name for people: `Slurm`. */
  readonly title: string;
  /** Programs that must be on PATH, all of them. */
  readonly programs: readonly string[];
  /** The engine's own options, by name (snake_case). Common ones (cpus, memory, licences ...) are the backend's. */
  readonly options: Readonly<Record<string, EngineOption>>;
  /** Environment variable that holds the task's number in a task of an array; any value that is no number from 1 means task 1. */
  readonly taskVariable: string;
  /** Names of variables that the engine sets for each task. Ours of these names (we may run inside a job) are not passed on. */
  readonly ownVariables: RegExp;
  /**
   * Names of variables that change what the engine's programs do: `SQUEUE_PARTITION` hides jobs from a query. The programs do not get
   * them; nor do they get the task's variable, for a job that is no array would take that of the job we run in. Default: none.
   */
  readonly withheldVariables?: RegExp;
  /**
   * Arguments of the submit command that are not for the user to give, for the backend could not follow such jobs: another name, another
   * array, no job at all. Held against each word of `extra_args`. Default: none.
   */
  readonly ownArguments?: RegExp;

  /** Asks once, when the backend is opened, whether the engine is there, and what its limits are. */
  readonly probe: EngineCommand;
  readonly readProbe: (answer: CommandAnswer) => ProbeReply;

  /**
   * Words a submission. The engine must not keep the task's output (the script writes it), must not send mail, must not run a
   * task twice by itself (`--no-requeue`, `-r n`), and must not need a terminal.
   */
  readonly submit: (request: ArrayRequest) => SubmitOrder;
  readonly readSubmit: (answer: CommandAnswer) => SubmitReply;

  /**
   * Whether a waiting task that is cancelled without the rest of its array leaves the queue without a trace, while every other end is told of
   * for a while. Default: its end is told of, or other ends are not.
   */
  readonly forgetsCancelled?: boolean;

  /** Asks for all jobs of a run in one command, ended ones included as far as the engine remembers them. */
  readonly query: (scope: QueryScope) => EngineCommand;
  readonly readQuery: (answer: CommandAnswer, scope: QueryScope) => QueryReply;

  /**
   * Asks the engine's accounting for tasks that the query does not show any more; as many commands as it takes. Only for what left no
   * record of its own, so never often. Null: there is nothing to ask. `unavailable` is taken for "nothing known".
   */
  readonly history: {
    /**
     * How long after its end a task that ever ran is told of at the latest, in milliseconds. A task that was not seen to run is not asked about
     * sooner; one that an answer does not tell of then was cancelled while it waited. Default: nothing follows from silence.
     */
    readonly completeAfterMs?: number;
    readonly command: (targets: readonly TaskTarget[], scope: QueryScope) => readonly EngineCommand[];
    readonly read: (answer: CommandAnswer, scope: QueryScope) => QueryReply;
  } | null;

  /**
   * The gentle way to end tasks: what waits is cancelled first (so that no freed slot starts it), what runs gets SIGTERM and goes on if
   * it likes. All processes of a task must get it: the script takes no notice of one, and the job is its child. Null: the engine cannot,
   * and a gentle kill is a forced one. Commands are run in order; their answers do not matter, for the next query tells what became of it,
   * and what is still there is asked again.
   */
  readonly askToEnd: ((targets: readonly TaskTarget[]) => readonly EngineCommand[]) | null;
  /**
   * Ends tasks, waiting or running, with all their processes, whatever they do about it. Run in order, repeated until the query shows them
   * gone.
   */
  readonly cancel: (targets: readonly TaskTarget[]) => readonly EngineCommand[];
}
