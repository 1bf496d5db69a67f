// PBS Professional and OpenPBS: qsub, qstat, qdel, qsig. Words of PBS 2020 to 2022, as documented.
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
import { gatherReports, type ReadEntry } from './gather-reports.js';
import { readSubmitReply } from './submit-reply.js';
import { endOfStatus } from './shell-status.js';
import { nameTargets, spreadArguments } from './task-arguments.js';

const OPTIONS = {
  queue: { help: 'queue to submit to, or queue@server' },
  account: { help: 'account string for the accounting' },
  project: { help: 'project of the jobs' },
  group: { help: 'group to run as' },
  place: { help: 'placement (pack, scatter:excl)' },
} as const;

/** What PBS's programs put in front of what they say. */
const NOISE = /^(?:qsub|qstat|qdel|qsig): (?:Error: )?/;

const BUSY =
  /would exceed|Maximum number|already in queue|limit .*reached|cannot connect|Connection refused|No route|Server (?:shutting|too busy|is down)|system error|try again|Unauthorized.*temporar/i;

/** A limit that no waiting mends: one job asks for more than one job may. */
const NEVER_FITS = /queue and\/or server resource limits|per-job/i;

/** The job may have been taken before this was said. */
const UNCLEAR = /End of File|Premature end|timed? ?out|Connection reset|Broken pipe|Protocol/i;

/** Names and numbers that jobs are told by, a second run, and what says no number or needs a terminal. */
const OWN_ARGUMENTS = /^(?:-[IJNrXz]|--version$)/;

/** PBS itself holds what nodes have failed to start again and again. */
const TOO_MANY_ATTEMPTS = /too many failed attempts/i;

/** Exit statuses of PBS's own by which a limit ended the job; the others tell of what PBS or a node did, or could not do. */
const KILLED_FOR_MEMORY: readonly number[] = [-26, -27, -31];
const KILLED_FOR_CPUS: readonly number[] = [-24, -25];
const KILLED_FOR_TIME: readonly number[] = [-28, -29];

export const PBS: BatchEngine = {
  name: 'pbs',
  title: 'PBS',
  programs: ['qsub', 'qstat', 'qdel', 'qsig'],
  options: OPTIONS,
  taskVariable: 'PBS_ARRAY_INDEX',
  ownVariables: /^PBS_(?!CONF_FILE$|EXEC$|HOME$|SERVER$|PRIMARY$|SECONDARY$)/,

  ownArguments: OWN_ARGUMENTS,

  probe: { program: 'qstat', args: ['-B', '-f', '-F', 'json'] },
  readProbe: (answer) => {
    const value = parseAnswer(answer.stdout);
    const servers = isRecord(value) ? value.Server : undefined;
    const server = isRecord(servers) ? Object.values(servers).find(isRecord) : undefined;
    if (answer.exitCode !== 0 || server === undefined) {
      return { kind: 'unavailable', message: complaintOf('qstat', answer, NOISE) };
    }
    const facts = ['pbs_version', 'server_state', 'max_array_size', 'job_history_enable'].flatMap((name) => {
      const text = textOf(server, name);
      return text === '' ? [] : [`${name} ${text}`];
    });
    return { kind: 'answered', arrayLimit: numberOf(server, 'max_array_size'), facts };
  },

  submit: wordSubmission,
  // `1234.server`, or `1234[].server` for an array.
  readSubmit: (answer) =>
    readSubmitReply(answer, {
      program: 'qsub',
      id: /^(\d+(?:\[\])?\.[\w.-]+)$/m,
      noise: NOISE,
      busy: BUSY,
      neverFits: NEVER_FITS,
      unclear: UNCLEAR,
    }),

  // All users': qstat takes no user where it tells everything.
  query: () => ({ program: 'qstat', args: ['-t', '-x', '-f', '-F', 'json'] }),
  readQuery,

  // qstat -x shows ended jobs for two weeks where the server keeps a history (job_history_enable).
  history: null,

  // SIGTERM, and after the queue's kill_delay SIGKILL; what waits is deleted.
  askToEnd: (targets) => spreadArguments('qdel', [], nameAll(targets)),
  cancel: (targets) => [
    ...spreadArguments('qdel', [], nameAll(targets)),
    ...spreadArguments('qsig', ['-s', 'SIGKILL'], nameAll(targets)),
  ],
};

/** `1234[].server` and its tasks `1234[1-3].server`; a job that is no array has no tasks to name. */
function nameAll(targets: readonly TaskTarget[]): readonly string[] {
  return nameTargets(targets, (id, range) => id.replace('[]', `[${range}]`));
}

// Submitting

function wordSubmission({ name, taskCount, script, demand }: ArrayRequest): SubmitOrder {
  const args = [
    ...['-N', name],
    // Arrays must be rerunnable.
    ...(taskCount === 1 ? ['-r', 'n'] : ['-J', `1-${taskCount}`]),
    ...['-S', '/bin/sh'],
    ...['-j', 'oe', '-o', '/dev/null'],
    ...['-m', 'n'],
    // The script has no options in it.
    ...['-C', ''],
    ...wordDemand(demand),
    ...demand.extraArgs,
    script,
  ];
  return { command: { program: 'qsub', args } };
}

function wordDemand({ cpus, memoryMib, timeLimitMins, licences, options }: TaskDemand): readonly string[] {
  const chunk = [
    '1',
    ...(cpus === null ? [] : [`ncpus=${cpus}`]),
    ...(memoryMib === null ? [] : [`mem=${memoryMib}mb`]),
  ];
  const { queue, account, project, group, place } = options;
  const wanted = Object.entries(licences).map(([licence, units]) => `${licence}=${units}`);
  return [
    ...(chunk.length === 1 ? [] : ['-l', `select=${chunk.join(':')}`]),
    ...(place === undefined ? [] : ['-l', `place=${place}`]),
    ...(timeLimitMins === null ? [] : ['-l', `walltime=${timeLimitMins}:00`]),
    ...(wanted.length === 0 ? [] : ['-l', wanted.join(',')]),
    ...(queue === undefined ? [] : ['-q', queue]),
    ...(account === undefined ? [] : ['-A', account]),
    ...(project === undefined ? [] : ['-P', project]),
    ...(group === undefined ? [] : ['-W', `group_list=${group}`]),
  ];
}

// Asking

/**
 * The environments of jobs, anybody's. They are not read, and releases of PBS differ in what they forget to escape in them: `005` is written
 * as a number, `a\,b` as it is. One such job would make the whole answer no JSON.
 */
const ENVIRONMENTS = /^([ \t]*)"Variable_List":[ \t]*\{[ \t]*\n[^]*?^\1\}/gm;

function readQuery(answer: CommandAnswer, scope: QueryScope): QueryReply {
  const value = parseAnswer(answer.stdout.replace(ENVIRONMENTS, '$1"Variable_List":{}'));
  if (answer.exitCode !== 0 || !isRecord(value)) {
    const message = complaintOf('qstat', { ...answer, stdout: '' }, NOISE);
    return { kind: 'unavailable', message: answer.stderr === '' ? 'qstat wrote no JSON' : message };
  }
  const jobs = Object.entries(isRecord(value.Jobs) ? value.Jobs : {});
  return gatherReports(jobs.map(([job, record]) => (isRecord(record) ? readJob(job, record, scope) : null)));
}

/** A job's entry: `1234.server`, or a task's, `1234[5].server`; that of an array as such, `1234[].server`, says nothing more. */
function readJob(job: string, record: AnswerRecord, { namePrefix }: QueryScope): ReadEntry {
  const parts = /^(\d+)(?:\[(\d*)\])?(\..+)$/.exec(job);
  if (parts === null) return null;
  const [, number = '', task, server = ''] = parts;
  const arrayName = textOf(record, 'Job_Name');
  if (arrayName === '') return null;
  if (task === '' || !arrayName.startsWith(namePrefix)) return 'foreign';
  const state = readState(record);
  if (state === null) return null;
  const id = task === undefined ? job : `${number}[]${server}`;
  return { id, arrayName, tasks: [task === undefined ? 1 : Number(task)], state };
}

function readState(record: AnswerRecord): TaskState | null {
  const comment = textOf(record, 'comment');
  switch (textOf(record, 'job_state')) {
    case 'Q':
    case 'W':
    case 'T':
    case 'M':
      return /can never run/i.test(comment)
        ? { kind: 'hopeless', reason: comment }
        : { kind: 'pending', reason: comment === '' ? null : comment };
    case 'H':
      return {
        kind: 'held',
        reason: comment === '' ? 'on hold' : comment,
        ...(TOO_MANY_ATTEMPTS.test(comment) && { isLaunchFailure: true }),
      };
    case 'R':
    case 'E':
    case 'B':
    case 'S':
    case 'U':
      return { kind: 'running' };
    case 'F':
    case 'X':
      return { kind: 'ended', end: readExit(numberOf(record, 'Exit_status'), comment) };
    default:
      return null;
  }
}

/** Without an exit status it was deleted before it started. */
function readExit(status: number | null, comment: string): EngineEnd {
  if (status === null) return { kind: 'cancelled', by: null };
  // Windows and some releases add 256 for a signal.
  if (status >= 0) return endOfStatus(status > 256 ? status - 128 : status);
  if (KILLED_FOR_MEMORY.includes(status)) return { kind: 'out-of-memory' };
  if (KILLED_FOR_TIME.includes(status)) return { kind: 'timeout' };
  if (KILLED_FOR_CPUS.includes(status)) {
    return { kind: 'cancelled', by: 'PBS itself (it used more processors than it had asked for)' };
  }
  const message = comment === '' ? `exit status ${status} of PBS` : comment;
  return { kind: 'infrastructure', message };
}
