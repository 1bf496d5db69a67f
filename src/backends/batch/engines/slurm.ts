// Slurm: sbatch, squeue, scancel, scontrol, and sacct where there is one. Words of Slurm 22.05; read also as later ones print them.
// The text form of squeue is asked for, not --json: that lists every user's jobs at 4 KB each, and its fields change with the version.
import { complaintOf } from '../answer-words.js';
import type {
  ArrayRequest,
  BatchEngine,
  CommandAnswer,
  EngineCommand,
  EngineEnd,
  QueryReply,
  QueryScope,
  SubmitOrder,
  SubmitReply,
  TaskDemand,
  TaskReport,
  TaskState,
  TaskTarget,
} from '../engine.js';
import { nameSignal } from '../../../util/system-names.js';
import { formatTaskRanges, parseTaskRanges } from '../task-ranges.js';
import { readSubmitReply } from './submit-reply.js';

/** Options of ours that are options of sbatch, under the same name. */
const OPTIONS = {
  partition: { help: 'partition to submit to' },
  account: { help: 'account to charge' },
  qos: { help: 'quality of service' },
  constraint: { help: 'features the node must have' },
  reservation: { help: 'reservation to run in' },
  exclude: { help: 'nodes not to run on' },
} as const;

/** What Slurm's programs put in front of what they say. */
const NOISE =
  /^(?:sbatch|squeue|scancel|scontrol|sacct): (?:error: |fatal: )?(?:Batch job submission failed: )?/;

/** Targets of one scancel: each is a request to the controller. */
const TARGETS_AT_ONCE = 100;

/** sbatch tries again by itself for two minutes when it reads one of these; we know better what to do meanwhile. */
const STALLS = /sleeping and retrying/;

/** No configuration, or one that cannot be read. */
const UNUSABLE = /cannot stat file|configuration (?:file|source)|ClusterName needs/;

/** The controller may have taken the jobs before this was said. */
const UNCLEAR = /Socket timed out|Zero Bytes|Connection reset|Unexpected message|sleeping and retrying/i;

/** A limit that no waiting mends: one job asks for more than one job may. */
const NEVER_FITS = /PerJob|PerNode|WallDuration|QOSMin/;

const BUSY = new RegExp(
  [
    'Unable to contact slurm controller',
    'Connection refused',
    'temporarily',
    'queue full',
    'Job violates accounting/QOS policy',
    'Submit(?:Job)?s?(?:PerUser|PerAccount|Per)?\\w*Limit',
    'Licenses? .*not available',
    'not responding',
    'backup|standby',
    'No (?:route|buffer)',
    'Cannot allocate memory',
    'munge|Munge|authentication|Protocol authentication',
  ].join('|'),
);

/** Filters of queries and cancels, what makes sbatch do more than we ask, and what Slurm sets for the job that we may run in. */
const WITHHELD =
  /^(?:SQUEUE_|SCANCEL_|SCONTROL_|SACCT_|SBATCH_(?:ARRAY_INX|CLUSTERS|WAIT)$|SLURM_(?!(?:CONF|CONF_SERVER|CLUSTERS|JWT|UMASK)$))/;

/** Names and numbers that jobs are told by, another owner or cluster, a second run, and what submits nothing or waits for the end. */
const OWN_ARGUMENTS =
  /^(?:-[ahJMVW]|--(?:array|clusters|help|job-name|parsable|requeue|test-only|uid|usage|version|wait|wrap)(?:=|$))/;

const HELD = /^(?:JobHeld|Held|JobHoldMaxRequeue)/i;

/** Held by Slurm itself, after a node failed to launch it. */
const HELD_AFTER_LAUNCH = /^(?:launch failed|user env retrieval failed) requeued held/i;

/** Of a job that a node could not launch, if it has no exit status; else it is said of jobs that ran, too. */
const LAUNCH_FAILURE = 'JobLaunchFailure';

/** What a pending job waits for in vain. */
const HOPELESS = new RegExp(
  `^(?:${[
    'BadConstraints',
    'PartitionConfig',
    'PartitionNodeLimit',
    'PartitionTimeLimit',
    'AccountNotAllowed',
    'InvalidAccount',
    'InvalidQOS',
    'QOSNotAllowed',
    'DependencyNeverSatisfied',
    '(?:Assoc|QOS)Max\\w*(?:PerJob|PerNode|WallDuration)',
    'QOSMin',
  ].join('|')})`,
);

/** Fields of the query, with the separator that no field but the name, which comes last and is ours, could hold. */
const FIELDS = ['ArrayJobID', 'ArrayTaskID', 'JobID', 'State', 'exit_code', 'Reason', 'NodeList'].map(
  (field) => `${field}:|`,
);

export const SLURM: BatchEngine = {
  name: 'slurm',
  title: 'Slurm',
  programs: ['sbatch', 'squeue', 'scancel', 'scontrol'],
  options: OPTIONS,
  taskVariable: 'SLURM_ARRAY_TASK_ID',
  ownVariables: /^(?:SLURM_|SLURMD_|SBATCH_|SLURM$)(?!CONF$)/,
  withheldVariables: WITHHELD,
  ownArguments: OWN_ARGUMENTS,

  // Tasks that wait share one entry; what has begun has one of its own, for MinJobAge (5 minutes) after its end.
  forgetsCancelled: true,

  // Without a configuration it would look for one for a minute.
  probe: { program: 'scontrol', args: ['show', 'config'], stallsOn: /retrying in 1sec/ },
  readProbe: (answer) => {
    const limit = readSetting(answer.stdout, 'MaxArraySize');
    if (answer.exitCode !== 0 || limit === null) {
      const kind = UNUSABLE.test(answer.stderr) ? 'unusable' : 'unavailable';
      return { kind, message: complaintOf('scontrol', answer, NOISE) };
    }
    const facts = ['SLURM_VERSION', 'ClusterName', 'MaxArraySize', 'MaxJobCount', 'KillWait', 'MinJobAge'];
    return {
      kind: 'answered',
      // The largest task number is one less, and ours begin with 1. At 0 and 1 there are no arrays.
      arrayLimit: Math.max(1, Number(limit) - 1),
      facts: facts.flatMap((name) => {
        const value = readSetting(answer.stdout, name);
        return value === null ? [] : [`${name} ${value}`];
      }),
    };
  },

  submit: wordSubmission,
  readSubmit: readSubmission,

  query: ({ user }) => ({
    program: 'squeue',
    args: ['--noheader', `--user=${user}`, '--states=all', `--Format=${[...FIELDS, 'Name:'].join(',')}`],
    // Long lists of task numbers are cut otherwise.
    environment: { SLURM_BITSTR_LEN: '0' },
  }),
  readQuery: (answer, scope) => {
    if (answer.exitCode !== 0) {
      return { kind: 'unavailable', message: complaintOf('squeue', answer, NOISE) };
    }
    const doomed = findDoomedArrays(answer.stdout);
    return readLines(answer.stdout, (line) => readQueryLine(line, scope, doomed));
  },

  history: {
    command: (targets) => [
      {
        program: 'sacct',
        args: [
          '--noheader',
          '--parsable2',
          '--allocations',
          `--jobs=${targets.map(formatTarget).join(',')}`,
          '--format=JobID,State,ExitCode,JobName',
        ],
      },
    ],
    read: (answer, scope): QueryReply => {
      if (answer.exitCode !== 0) {
        return { kind: 'unavailable', message: complaintOf('sacct', answer, NOISE) };
      }
      return readLines(answer.stdout, (line) => readHistoryLine(line, scope));
    },
  },

  askToEnd: (targets) => [
    ...scancel(['--state=PENDING'], targets),
    // --full: the script, too, or the signal reaches nothing, for there are no steps.
    ...scancel(['--signal=TERM', '--full'], targets),
  ],
  cancel: (targets) => scancel([], targets),
};

function readSetting(text: string, name: string): string | null {
  return new RegExp(`^${name}\\s*=\\s*(\\S.*?)\\s*$`, 'm').exec(text)?.[1] ?? null;
}

// Submitting

function wordSubmission({ name, taskCount, script, directory, demand }: ArrayRequest): SubmitOrder {
  const array = taskCount === 1 ? [] : [`--array=1-${taskCount}`];
  const args = [
    '--parsable',
    `--job-name=${name}`,
    ...array,
    '--no-requeue',
    '--output=/dev/null',
    `--chdir=${directory}`,
    '--export=ALL',
    ...wordDemand(demand),
    ...demand.extraArgs,
    script,
  ];
  return { command: { program: 'sbatch', args, stallsOn: STALLS } };
}

function wordDemand({ cpus, memoryMib, timeLimitMins, licences, options }: TaskDemand): readonly string[] {
  const wanted = Object.entries(licences).map(([name, units]) => `${name}:${units}`);
  return [
    ...(cpus === null ? [] : [`--cpus-per-task=${cpus}`]),
    ...(memoryMib === null ? [] : [`--mem=${memoryMib}M`]),
    ...(timeLimitMins === null ? [] : [`--time=${timeLimitMins}`]),
    ...(wanted.length === 0 ? [] : [`--licenses=${wanted.join(',')}`]),
    ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
  ];
}

// `id` or `id;cluster`; a site's submit plugin may print lines of its own around it.
function readSubmission(answer: CommandAnswer): SubmitReply {
  return readSubmitReply(answer, {
    program: 'sbatch',
    id: /^(\d+)(?:;\S+)?$/m,
    noise: NOISE,
    busy: BUSY,
    neverFits: NEVER_FITS,
    unclear: UNCLEAR,
  });
}

// Asking

function readLines(text: string, readLine: (line: string) => TaskReport | 'foreign' | null): QueryReply {
  const reports: TaskReport[] = [];
  let garbled = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const report = readLine(line);
    if (report === null) garbled++;
    else if (report !== 'foreign') reports.push(report);
  }
  return { kind: 'answered', reports, garbled };
}

/**
 * Arrays of which Slurm has cancelled all that ran, and the node that was the cause. The last task of an array has the number of the array
 * itself, and when its node cannot launch it, that number is what Slurm cancels.
 */
function findDoomedArrays(text: string): ReadonlyMap<string, string> {
  const matches = text.matchAll(/^(\d+)\|\d+\|\1\|CANCELLED\|0\|[^|\n]*\|([^|\n]+)\|/gm);
  return new Map(Array.from(matches, ([, id = '', node = '']) => [id, node]));
}

/**
 * `12|1-3,7|12|PENDING|0|Licenses||name`; the task is `N/A` for a job that is no array, the node nothing for one that got none.
 * @param doomed - See {@link findDoomedArrays}.
 */
function readQueryLine(
  line: string,
  { namePrefix }: QueryScope,
  doomed: ReadonlyMap<string, string>,
): TaskReport | 'foreign' | null {
  const parts = /^(\d+)\|([^|]*)\|\d+\|([A-Z_+]+)\|(\d+)\|([^|]*)\|([^|]*)\|(.*)$/.exec(line.trim());
  if (parts === null) return null;
  const [, id = '', taskText = '', state = '', status = '', reason = '', node = '', arrayName = ''] = parts;
  if (!arrayName.startsWith(namePrefix)) return 'foreign';
  const tasks = taskText === 'N/A' ? [1] : parseTaskRanges(taskText);
  const read = readState({ state, reason, node, status: Number(status), culprit: doomed.get(id) ?? null });
  return tasks === null || read === null ? null : { id, arrayName, tasks, state: read };
}

/** `12_3|CANCELLED by 0|0:15|name`, `12_[4-6]|...`, or `12|...` for a job that is no array. */
function readHistoryLine(line: string, { namePrefix }: QueryScope): TaskReport | 'foreign' | null {
  const parts = /^(\d+)(?:_(\d+)|_\[([^\]]*)\])?\|([A-Z_]+)(?: by (\S+))?\|(\d+):(\d+)\|(.*)$/.exec(
    line.trim(),
  );
  if (parts === null) return null;
  const [, id = '', one, many, state = '', by = null, exitCode, signal, arrayName = ''] = parts;
  if (!arrayName.startsWith(namePrefix)) return 'foreign';
  const tasks = parseTaskRanges(one ?? many ?? '1');
  const read = readState({
    state,
    reason: '',
    node: '',
    culprit: null,
    status: (Number(exitCode) << 8) | Number(signal),
  });
  if (tasks === null || read === null) return null;
  const isByUser = read.kind === 'ended' && read.end.kind === 'cancelled';
  return {
    id,
    arrayName,
    tasks,
    state: isByUser
      ? { kind: 'ended', end: { kind: 'cancelled', by: by === null ? null : `user ${by}` } }
      : read,
  };
}

/** What Slurm says of a job. */
interface JobWords {
  readonly state: string;
  readonly reason: string;
  /** Where it runs or ran; empty: nowhere, or not told. */
  readonly node: string;
  /** The node that could not launch a task, so that Slurm cancelled all of the array; null: there is none. */
  readonly culprit: string | null;
  /** As `wait` tells it: exit code in the second byte, signal in the first. */
  readonly status: number;
}

function readState(words: JobWords): TaskState | null {
  const { state, reason, status } = words;
  const ended = (end: EngineEnd): TaskState => ({ kind: 'ended', end });
  switch (state) {
    case 'PENDING':
      if (HELD_AFTER_LAUNCH.test(reason)) return { kind: 'held', reason, isLaunchFailure: true };
      if (HELD.test(reason)) return { kind: 'held', reason };
      if (HOPELESS.test(reason)) return { kind: 'hopeless', reason };
      return { kind: 'pending', reason: reason === 'None' || reason === '' ? null : reason };
    case 'CONFIGURING':
    case 'REQUEUED':
      return { kind: 'pending', reason: state };
    case 'SPECIAL_EXIT':
    case 'REQUEUE_HOLD':
      return { kind: 'held', reason: state };
    case 'RUNNING':
    case 'COMPLETING':
    case 'SUSPENDED':
    case 'STOPPED':
    case 'SIGNALING':
    case 'STAGE_OUT':
    case 'RESIZING':
      return { kind: 'running' };
    case 'COMPLETED':
      return ended({ kind: 'exited', exitCode: 0 });
    case 'FAILED':
      return ended(readFailure(reason, status));
    case 'TIMEOUT':
    case 'DEADLINE':
      return ended({ kind: 'timeout' });
    case 'OUT_OF_MEMORY':
      return ended({ kind: 'out-of-memory' });
    case 'CANCELLED':
      return ended(readCancellation(words));
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
    case 'PREEMPTED':
    case 'REVOKED':
      return ended({ kind: 'infrastructure', message: state });
    default:
      return null;
  }
}

/** Slurm itself cancels what a node cannot launch and nobody may requeue: its script has no status then. */
function readCancellation({ state, node, culprit, status }: JobWords): EngineEnd {
  if (node !== '' && status === 0) {
    return { kind: 'cancelled', by: null, launchFailure: `${state} on ${node} before it began` };
  }
  return node === '' || culprit === null
    ? { kind: 'cancelled', by: null }
    : { kind: 'infrastructure', message: `${state} with a task that did not begin on ${culprit}` };
}

function readFailure(reason: string, status: number): EngineEnd {
  if (HOPELESS.test(reason)) return { kind: 'not-started', message: reason };
  if (status === 0 && reason === LAUNCH_FAILURE) return { kind: 'infrastructure', message: reason };
  if ((status & 0x7f) !== 0) return { kind: 'signalled', signal: nameSignal(status & 0x7f) };
  if (status >> 8 !== 0) return { kind: 'exited', exitCode: status >> 8 };
  return { kind: 'not-started', message: reason };
}

// Ending

function scancel(options: readonly string[], targets: readonly TaskTarget[]): readonly EngineCommand[] {
  const commands: EngineCommand[] = [];
  for (let at = 0; at < targets.length; at += TARGETS_AT_ONCE) {
    const some = targets.slice(at, at + TARGETS_AT_ONCE).map(formatTarget);
    commands.push({ program: 'scancel', args: [...options, ...some] });
  }
  return commands;
}

function formatTarget({ id, tasks }: TaskTarget): string {
  return tasks === null ? id : `${id}_[${formatTaskRanges(tasks)}]`;
}
