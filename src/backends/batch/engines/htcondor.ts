// HTCondor: condor_submit, condor_q, condor_rm, condor_history. Words of HTCondor 9 to 23, as documented. An array is a cluster of jobs;
// its processes are numbered from 0, our tasks from 1.
import { numberOf, parseAnswer, textOf, type AnswerRecord } from '../answer-json.js';
import { isRecord } from '../../../util/is-record.js';
import { complaintOf } from '../answer-words.js';
import type {
  ArrayRequest,
  BatchEngine,
  CommandAnswer,
  EngineEnd,
  QueryReply,
  QueryScope,
  SubmitOrder,
  TaskDemand,
  TaskState,
  TaskTarget,
} from '../engine.js';
import { nameSignal } from '../../../util/system-names.js';
import { formatTaskRanges } from '../task-ranges.js';
import { gatherReports, type ReadEntry } from './gather-reports.js';
import { readSubmitReply } from './submit-reply.js';
import { spreadArguments } from './task-arguments.js';

const OPTIONS = {
  accounting_group: { help: 'accounting group to charge' },
  accounting_group_user: { help: 'user to charge in the group' },
  requirements: { help: 'what the machine must be, as a ClassAd expression' },
  rank: { help: 'which machine is better, as a ClassAd expression' },
  priority: {
    help: 'priority among your own jobs',
    check: (value: string) => (/^-?\d{1,6}$/.test(value) ? null : 'must be a whole number'),
  },
  universe: { help: 'universe (vanilla)' },
} as const;

/** Name of the submit description in the array's directory. */
const DESCRIPTION = 'submit.condor';

const NOISE = /^(?:ERROR: |Submitting job\(s\)\.*)+/;

const BUSY =
  /Can't find address|Failed to connect|connect to (?:local )?queue manager|MAX_JOBS|limit|Failed to (?:commit|create)|busy|not (?:running|responding)|CEDAR|temporarily/i;

/** A limit, or a failure, that no waiting mends. */
const NEVER_FITS = /Invalid concurrency limit|User is disabled/i;

/** The jobs may be in the queue. */
const UNCLEAR = /Failed to commit|timeout|timed out|connection (?:reset|closed)|failed to send/i;

/** The name that jobs are told by, another queue, other jobs, and what submits nothing or needs a terminal. */
const OWN_ARGUMENTS =
  /^-(?:batch-name|dry-run|factory|help|interactive|i|name|pool|queue|remote|r|spool|terse|verbose|version)$/;

/** What is asked of each job. */
const FIELDS = [
  ...['ClusterId', 'ProcId', 'JobStatus', 'JobBatchName', 'NumJobStarts'],
  ...['HoldReason', 'HoldReasonCode', 'RemoveReason', 'LastJobStatus'],
  ...['ExitBySignal', 'ExitCode', 'ExitSignal'],
].join(',');

/** Ranges of tasks in one constraint. */
const RANGES_AT_ONCE = 100;

const IDLE = 1;
const RUNNING = 2;
const HELD = 5;

/** Why a job is held that a machine could not start: the program, or its directory, is not to be had there. */
const LAUNCH_FAILURES: readonly (number | null)[] = [6, 14];

/** Why a job is held that used more memory than it had asked for. */
const OUT_OF_MEMORY = 34;

export const HTCONDOR: BatchEngine = {
  name: 'htcondor',
  title: 'HTCondor',
  programs: ['condor_submit', 'condor_q', 'condor_rm', 'condor_config_val'],
  options: OPTIONS,
  // The script gets its number as an argument.
  taskVariable: 'REGATTA_TASK',
  ownVariables: /^(?:_CONDOR_(?!CONFIG$)|BATCH_SYSTEM$|REGATTA_TASK$)/,

  ownArguments: OWN_ARGUMENTS,

  probe: { program: 'condor_config_val', args: ['MAX_JOBS_PER_SUBMISSION'] },
  readProbe: (answer) => {
    const limit = /^\d{1,9}$/m.exec(answer.stdout)?.[0];
    if (limit !== undefined && Number(limit) >= 1) {
      return {
        kind: 'answered',
        arrayLimit: Number(limit),
        facts: [`MAX_JOBS_PER_SUBMISSION ${limit}`],
      };
    }
    if (/Not defined/i.test(answer.stdout + answer.stderr)) {
      return { kind: 'answered', arrayLimit: null, facts: [] };
    }
    return { kind: 'unavailable', message: complaintOf('condor_config_val', answer, NOISE) };
  },

  submit: wordSubmission,
  // `12.0 - 12.299`
  readSubmit: (answer) =>
    readSubmitReply(answer, {
      program: 'condor_submit',
      id: /^(\d+)\.\d+(?: - \d+\.\d+)?$/m,
      noise: NOISE,
      busy: BUSY,
      neverFits: NEVER_FITS,
      unclear: UNCLEAR,
    }),

  query: ({ namePrefix }) => ({
    program: 'condor_q',
    args: ['-json', '-attributes', FIELDS, '-constraint', `regexp("^${namePrefix}", JobBatchName)`],
  }),
  readQuery: (answer, scope) => readRecords('condor_q', answer, scope),

  history: {
    command: (targets) =>
      targets.flatMap(constrain).map((expression) => ({
        program: 'condor_history',
        args: ['-json', '-attributes', FIELDS, '-constraint', expression],
      })),
    read: (answer, scope) => readRecords('condor_history', answer, scope),
  },

  // condor_rm sends what runs SIGKILL unless the job wants it otherwise, and a SIGTERM would reach the script only, not the job.
  askToEnd: null,
  cancel: (targets) => {
    const whole = targets.filter(({ tasks }) => tasks === null).map(({ id }) => id);
    const parts = targets.filter(({ tasks }) => tasks !== null).flatMap(constrain);
    return [
      ...spreadArguments('condor_rm', [], whole),
      ...parts.map((expression) => ({ program: 'condor_rm', args: ['-constraint', expression] })),
    ];
  },
};

/** The tasks of a target as ClassAd expressions of bounded length. */
function constrain({ id, tasks }: TaskTarget): readonly string[] {
  if (tasks === null) return [`ClusterId == ${id}`];
  const ranges = formatTaskRanges(tasks.map((task) => task - 1)).split(',');
  const words = ranges.map((range) => {
    const [first = '', last = first] = range.split('-');
    return first === last ? `ProcId == ${first}` : `(ProcId >= ${first} && ProcId <= ${last})`;
  });
  const expressions: string[] = [];
  for (let at = 0; at < words.length; at += RANGES_AT_ONCE) {
    expressions.push(`ClusterId == ${id} && (${words.slice(at, at + RANGES_AT_ONCE).join(' || ')})`);
  }
  return expressions;
}

// Submitting

function wordSubmission({ name, taskCount, script, directory, demand }: ArrayRequest): SubmitOrder {
  const description = `${directory}/${DESCRIPTION}`;
  return {
    files: { [DESCRIPTION]: describeCluster({ name, taskCount, script, directory, demand }) },
    command: { program: 'condor_submit', args: ['-terse', ...demand.extraArgs, description] },
  };
}

function describeCluster({ name, taskCount, script, directory, demand }: ArrayRequest): string {
  const { universe = 'vanilla', requirements, ...others } = demand.options;
  const lines = [
    ['universe', universe],
    ['batch_name', name],
    ['executable', quotePath(script)],
    ['initialdir', quotePath(directory)],
    ['task', '$(Process) + 1'],
    ['arguments', '"$INT(task)"'],
    ['transfer_executable', 'false'],
    ['should_transfer_files', 'NO'],
    ['input', '/dev/null'],
    ['output', '/dev/null'],
    ['error', '/dev/null'],
    ['notification', 'never'],
    // A job that was thrown out would be started again by itself.
    ['requirements', `${requirements === undefined ? '' : `(${requirements}) && `}(NumJobStarts =!= 1)`],
    ['periodic_remove', wordRemoval(demand.timeLimitMins)],
    ...wordDemand(demand),
    ...Object.entries(others),
  ];
  return `${lines.map(([command, value]) => `${command} = ${value}\n`).join('')}queue ${taskCount}\n`;
}

function wordRemoval(timeLimitMins: number | null): string {
  const isOver =
    `(JobStatus == ${IDLE} && NumJobStarts >= 1)` +
    ` || (JobStatus == ${HELD} && HoldReasonCode =?= ${OUT_OF_MEMORY})`;
  if (timeLimitMins === null) return isOver;
  return `${isOver} || (JobStatus == ${RUNNING} && time() - JobCurrentStartDate > ${timeLimitMins * 60})`;
}

function wordDemand({ cpus, memoryMib, licences }: TaskDemand): readonly (readonly [string, string])[] {
  const limits = Object.entries(licences).map(([licence, units]) => `${licence}:${units}`);
  return [
    ...(cpus === null ? [] : [['request_cpus', String(cpus)] as const]),
    ...(memoryMib === null ? [] : [['request_memory', String(memoryMib)] as const]),
    ...(limits.length === 0 ? [] : [['concurrency_limits', limits.join(',')] as const]),
  ];
}

/** `$(NAME)` would be replaced. */
function quotePath(path: string): string {
  return path.replaceAll('$', '$(DOLLAR)');
}

// Asking

function readRecords(program: string, answer: CommandAnswer, scope: QueryScope): QueryReply {
  // Where there is no job, nothing is printed.
  const isEmpty = answer.stdout.trim() === '';
  const value = isEmpty ? [] : parseAnswer(answer.stdout);
  if (answer.exitCode !== 0 || !Array.isArray(value)) {
    return { kind: 'unavailable', message: complaintOf(program, { ...answer, stdout: '' }, NOISE) };
  }
  const records = value as readonly unknown[];
  return gatherReports(records.map((record) => (isRecord(record) ? readRecord(record, scope) : null)));
}

function readRecord(record: AnswerRecord, { namePrefix }: QueryScope): ReadEntry {
  const cluster = numberOf(record, 'ClusterId');
  const process = numberOf(record, 'ProcId');
  const arrayName = textOf(record, 'JobBatchName');
  if (cluster === null || process === null) return null;
  if (!arrayName.startsWith(namePrefix)) return 'foreign';
  const state = readState(record);
  return state === null ? null : { id: String(cluster), arrayName, tasks: [process + 1], state };
}

function readState(record: AnswerRecord): TaskState | null {
  switch (numberOf(record, 'JobStatus')) {
    case IDLE:
      // It is in the queue until it is removed, and will not be started again.
      return (numberOf(record, 'NumJobStarts') ?? 0) >= 1
        ? { kind: 'ended', end: { kind: 'infrastructure', message: 'its machine was taken away' } }
        : { kind: 'pending', reason: null };
    case RUNNING:
    // Sends its files, or is suspended.
    case 6:
    case 7:
      return { kind: 'running' };
    case 3:
      return { kind: 'ended', end: readRemoval(record) };
    case 4:
      return { kind: 'ended', end: readExit(record) };
    case HELD:
      return readHold(record);
    default:
      return null;
  }
}

function readHold(record: AnswerRecord): TaskState {
  const code = numberOf(record, 'HoldReasonCode');
  // It is removed soon.
  if (code === OUT_OF_MEMORY) return { kind: 'ended', end: { kind: 'out-of-memory' } };
  return {
    kind: 'held',
    reason: textOf(record, 'HoldReason') || 'on hold',
    ...(LAUNCH_FAILURES.includes(code) && { isLaunchFailure: true }),
  };
}

/** `via condor_rm (by user ann)`, or by the removal that the description asks for. */
function readRemoval(record: AnswerRecord): EngineEnd {
  const words = textOf(record, 'RemoveReason');
  if (!words.includes('PeriodicRemove')) {
    return { kind: 'cancelled', by: /by user ([^\s)]+)/.exec(words)?.[1] ?? null };
  }
  switch (numberOf(record, 'LastJobStatus')) {
    case RUNNING:
      return { kind: 'timeout' };
    case HELD:
      return { kind: 'out-of-memory' };
    default:
      return { kind: 'infrastructure', message: 'its machine was taken away' };
  }
}

function readExit(record: AnswerRecord): EngineEnd {
  if (record.ExitBySignal === true) {
    const signal = numberOf(record, 'ExitSignal');
    return signal === null ? { kind: 'unknown' } : { kind: 'signalled', signal: nameSignal(signal) };
  }
  const exitCode = numberOf(record, 'ExitCode');
  return exitCode === null ? { kind: 'unknown' } : { kind: 'exited', exitCode };
}
