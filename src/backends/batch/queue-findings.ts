// Brings the table of tasks up to what a query said, and picks out what needs attention. Asks nothing, reports nothing.
import type { EngineEnd, TaskReport, TaskState } from './engine.js';
import type { Pace } from './pace.js';
import type { ArrayEntry, TaskEntry, TaskTable } from './task-table.js';

/** The circumstances of a query. */
export interface QueryFacts {
  readonly askedAtMs: number;
  readonly nowMs: number;
  /** Whether a task that is not in the answer is not in the queue. */
  readonly isComplete: boolean;
  /** Whether a waiting task that is missing, where the rest of its array is not, was cancelled. */
  readonly forgetsCancelled: boolean;
}

/** Tasks that need attention. */
export interface Findings {
  /** Run, and were not known to. */
  readonly started: readonly TaskEntry[];
  /** Out of the queue, by the engine's word or silence. */
  readonly gone: readonly TaskEntry[];
  /** In the queue in vain, for too long. */
  readonly stuck: readonly TaskEntry[];
  /** To be ended, and still there. */
  readonly resisting: readonly TaskEntry[];
  /** Died by a signal, and the engine still has them after a while: it has no explanation. */
  readonly unexplained: readonly TaskEntry[];
}

/** The end of a task that was cancelled while it waited, and that the engine keeps nothing of. */
export const CANCELLED: EngineEnd = { kind: 'cancelled', by: null };

/** Updates the state of every task that a query can tell something about. */
export function readFindings(
  table: TaskTable,
  reports: readonly TaskReport[],
  { query, pace }: { readonly query: QueryFacts; readonly pace: Pace },
): Findings {
  const { seen, told } = noteReports(table, reports);
  const findings = { started: [], gone: [], stuck: [], resisting: [], unexplained: [] } as {
    [kind in keyof Findings]: TaskEntry[];
  };
  for (const task of table.tasks()) {
    const { submittedAtMs } = task.array;
    if (submittedAtMs === null) continue;
    if (seen.has(task)) {
      if (task.state?.kind === 'running' && !task.hasStarted) findings.started.push(task);
    } else if (!query.isComplete || query.askedAtMs <= submittedAtMs) {
      continue;
    } else if (task.state?.kind !== 'ended') {
      const isCancelled = query.forgetsCancelled && told.has(task.array) && isWaiting(task);
      task.state = isCancelled ? { kind: 'ended', end: CANCELLED } : null;
    }
    const isGone = task.state === null || task.state.kind === 'ended';
    task.goneSinceMs = isGone ? (task.goneSinceMs ?? query.nowMs) : null;
    if (isGone) {
      findings.gone.push(task);
      continue;
    }
    const { unexplainedSinceMs } = task;
    if (unexplainedSinceMs !== null) {
      if (query.nowMs - unexplainedSinceMs >= pace.settleMs) findings.unexplained.push(task);
    } else if (isStuck(task, query.nowMs, pace)) {
      findings.stuck.push(task);
    } else if (isDoomed(task) && query.nowMs - askedAtMs(task) >= pace.cancelAgainMs) {
      findings.resisting.push(task);
    }
  }
  return findings;
}

/** What an answer is about: tasks of ours, and arrays, of which all tasks may have been dealt with. */
interface Subjects {
  readonly seen: ReadonlySet<TaskEntry>;
  readonly told: ReadonlySet<ArrayEntry>;
}

function noteReports(table: TaskTable, reports: readonly TaskReport[]): Subjects {
  const byId = new Map<string, ArrayEntry>();
  const byName = new Map<string, ArrayEntry>();
  for (const array of table.arrays()) {
    byName.set(array.name, array);
    if (array.id !== null) byId.set(array.id, array);
  }
  const seen = new Set<TaskEntry>();
  const told = new Set<ArrayEntry>();
  for (const { id, arrayName, tasks, state } of reports) {
    // The name comes first: an engine that has lost its latest state gives ids once more.
    const array = arrayName === null ? byId.get(id) : byName.get(arrayName);
    if (array === undefined) continue;
    told.add(array);
    array.id ??= id;
    for (const number of tasks) {
      const task = array.tasks.get(number);
      if (task === undefined) continue;
      task.state = state;
      seen.add(task);
    }
  }
  return { seen, told };
}

/** Whether a task was, as far as is known, in the queue until now and never ran. */
function isWaiting({ hasStarted, state, goneSinceMs }: TaskEntry): boolean {
  return !hasStarted && state?.kind !== 'running' && goneSinceMs === null;
}

function isStuck(task: TaskEntry, nowMs: number, pace: Pace): boolean {
  const patienceMs = patienceWith(task.state, pace);
  if (patienceMs === null) task.stuckSinceMs = null;
  else task.stuckSinceMs ??= nowMs;
  return (
    patienceMs !== null &&
    task.refusal === null &&
    task.kill === null &&
    task.stuckSinceMs !== null &&
    nowMs - task.stuckSinceMs >= patienceMs
  );
}

function patienceWith(state: TaskState | null, pace: Pace): number | null {
  if (state?.kind === 'hopeless' || isLaunchFailure(state)) return pace.hopelessMs;
  return state?.kind === 'held' ? pace.heldMs : null;
}

/** Whether the engine holds a task that a node could not launch: nobody will release it. */
export function isLaunchFailure(state: TaskState | null): boolean {
  return state?.kind === 'held' && state.isLaunchFailure === true;
}

/** A gentle kill is repeated only for what it was to keep from starting: a job that ran has had its signal. */
function isDoomed({ kill, state, refusal }: TaskEntry): boolean {
  return refusal !== null || (kill !== null && (kill.force || kill.isEarly || state?.kind !== 'running'));
}

function askedAtMs({ kill }: TaskEntry): number {
  return kill?.askedAtMs ?? 0;
}
