// LSF: bsub, bjobs, bkill, bparams. Words of IBM Spectrum LSF 10.1, as documented.
import { quoteForShell } from '../../../util/quote-for-shell.js';
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
  SubmitReply,
  TaskDemand,
  TaskState,
} from '../engine.js';
import { gatherReports, type ReadEntry } from './gather-reports.js';
import { endOfStatus } from './shell-status.js';
import { nameTargets, spreadArguments } from './task-arguments.js';

const OPTIONS = {
  queue: { help: 'queue to submit to' },
  project: { help: 'project to charge' },
  application: { help: 'application profile' },
  user_group: { help: 'user group to submit for' },
  service_class: { help: 'service class (SLA)' },
  hosts: { help: 'hosts or host groups to run on' },
} as const;

/** What LSF's programs put around what they say. */
const NOISE = /(?:^Request aborted by esub\. ?|\.? ?Job not submitted\.?$)/;

/** bsub tries again by itself, for ever, when it says one of these; nothing has been submitted then. */
const STALLS = /Retrying in \d+|Please wait|still trying/i;

const BUSY =
  /threshold reached|limit (?:has been |is )?(?:reached|exceeded)|reached its job limit|No job Id can be used|cannot connect|Connection refused|connect call|not connected|is down|not responding|Unable to contact|resource temporarily/i;

/** The job may have been taken before this was said. */
const UNCLEAR =
  /bad (?:file|XDR)|XDR encode|protocol error|Communication time ?out|Failed in receiving|connection (?:reset|closed)|LSF daemon error/i;

/** What keeps bsub from saying the job's number, from submitting, or from coming back. */
const WITHHELD = /^BSUB_(?:BLOCK|CHK_RESREQ|QUIET2?|STDERR)$/;

/** The name that jobs are told by, a second run, and what submits nothing, waits for the end or needs a terminal. */
const OWN_ARGUMENTS = /^-(?:h|I(?:p|s|S|X|pS|sS)?|J|K|r|rn|V)$/;

/** Reasons of LSF for an end, by the word that each begins with. */
const ENDS: Readonly<Record<string, EngineEnd>> = {
  TERM_RUNLIMIT: { kind: 'timeout' },
  TERM_CPULIMIT: { kind: 'timeout' },
  TERM_DEADLINE: { kind: 'timeout' },
  TERM_MEMLIMIT: { kind: 'out-of-memory' },
  TERM_SWAP: { kind: 'out-of-memory' },
  TERM_OWNER: { kind: 'cancelled', by: 'its owner' },
  TERM_FORCE_OWNER: { kind: 'cancelled', by: 'its owner' },
  TERM_ADMIN: { kind: 'cancelled', by: 'an administrator' },
  TERM_FORCE_ADMIN: { kind: 'cancelled', by: 'an administrator' },
  TERM_BUCKET_KILL: { kind: 'cancelled', by: null },
};

/** Reasons that tell of the infrastructure's doing. */
const INFRASTRUCTURE =
  /^TERM_(?:PREEMPT|ZOMBIE|REQUEUE_\w+|REMOVE_HUNG_JOB|CHKPNT|LOAD|WINDOW|RMS|UNKNOWN|ORPHAN_SYSTEM|SLURM|RC|KUBE|CSM_ALLOC|MC_RECALL|DATA)$/;

/** Reasons for which a job never began. */
const NOT_STARTED = /^TERM_(?:CWD_NOTEXIST|PRE_EXEC_FAIL)$/;

export const LSF: BatchEngine = {
  name: 'lsf',
  title: 'LSF',
  programs: ['bsub', 'bjobs', 'bkill', 'bparams'],
  options: OPTIONS,
  // 0 in a job that is no array.
  taskVariable: 'LSB_JOBINDEX',
  ownVariables: /^(?:LSB_|LS_(?!ROOT)|LSFUSER$)/,
  withheldVariables: WITHHELD,
  ownArguments: OWN_ARGUMENTS,

  probe: { program: 'bparams', args: ['-a'], stallsOn: STALLS },
  readProbe: (answer) => {
    if (answer.exitCode !== 0 || !/MAX_JOB_ARRAY_SIZE|DEFAULT_QUEUE/i.test(answer.stdout)) {
      return { kind: 'unavailable', message: complaintOf('bparams', answer, NOISE) };
    }
    const read = (name: string): string | null =>
      new RegExp(`\\b${name}\\s*=\\s*(\\S+)`).exec(answer.stdout)?.[1] ?? null;
    const limit = read('MAX_JOB_ARRAY_SIZE');
    const facts = ['MAX_JOB_ARRAY_SIZE', 'MAX_JOB_NUM', 'CLEAN_PERIOD', 'JOB_TERMINATE_INTERVAL'].flatMap(
      (name) => {
        const value = read(name);
        return value === null ? [] : [`${name} ${value}`];
      },
    );
    return { kind: 'answered', arrayLimit: limit === null ? null : Math.max(1, Number(limit) || 1), facts };
  },

  submit: wordSubmission,
  readSubmit: (answer): SubmitReply => {
    const id = /^Job <(\d+)> is submitted to /m.exec(answer.stdout)?.[1];
    if (id !== undefined) return { kind: 'submitted', id };
    const message = complaintOf('bsub', answer, NOISE);
    if (answer.exitCode === 0) return { kind: 'unclear', message: `bsub named no job: ${message}` };
    if (UNCLEAR.test(answer.stderr)) return { kind: 'unclear', message };
    return {
      kind: BUSY.test(answer.stderr) || STALLS.test(answer.stderr) ? 'busy' : 'rejected',
      message,
    };
  },

  query: ({ namePrefix, user }) => ({
    program: 'bjobs',
    args: [
      ...['-a', '-u', user, '-J', `${namePrefix}*`],
      ...['-o', 'jobid jobindex stat exit_code exit_reason pend_reason job_name', '-json'],
    ],
    stallsOn: STALLS,
  }),
  readQuery,

  // bjobs -a shows ended jobs for an hour (CLEAN_PERIOD).
  history: null,

  // SIGINT, SIGTERM, and after JOB_TERMINATE_INTERVAL SIGKILL; what waits is removed.
  askToEnd: (targets) => spreadArguments('bkill', [], nameTargets(targets, nameTasks)),
  cancel: (targets) => spreadArguments('bkill', ['-s', 'KILL'], nameTargets(targets, nameTasks)),
};

function nameTasks(id: string, range: string): string {
  return `${id}[${range}]`;
}

// Submitting

function wordSubmission({ name, taskCount, script, directory, demand }: ArrayRequest): SubmitOrder {
  const args = [
    ...['-J', taskCount === 1 ? name : `${name}[1-${taskCount}]`],
    '-rn',
    ...['-o', '/dev/null', '-e', '/dev/null'],
    ...['-cwd', directory],
    ...wordDemand(demand),
    ...demand.extraArgs,
  ];
  // Arguments of bsub are a command line to a shell, and a script on its standard input is one, too: here we do the quoting.
  const stdin = `#!/bin/sh\nexec ${quoteForShell(script)}\n`;
  return {
    command: {
      program: 'bsub',
      args,
      stdin,
      stallsOn: STALLS,
      // No mail.
      environment: { LSB_JOB_REPORT_MAIL: 'N' },
    },
  };
}

function wordDemand({ cpus, memoryMib, timeLimitMins, licences, options }: TaskDemand): readonly string[] {
  const reserved = [
    ...(memoryMib === null ? [] : [`mem=${memoryMib}MB`]),
    ...Object.entries(licences).map(([licence, units]) => `${licence}=${units}`),
  ];
  const words: readonly (readonly [string, string | undefined])[] = [
    ['-q', options.queue],
    ['-P', options.project],
    ['-app', options.application],
    ['-G', options.user_group],
    ['-sla', options.service_class],
    ['-m', options.hosts],
  ];
  return [
    ...(cpus === null ? [] : ['-n', String(cpus), '-R', 'span[hosts=1]']),
    ...(memoryMib === null ? [] : ['-M', `${memoryMib}MB`]),
    ...(timeLimitMins === null ? [] : ['-W', String(timeLimitMins)]),
    ...(reserved.length === 0 ? [] : ['-R', `rusage[${reserved.join(':')}]`]),
    ...words.flatMap(([option, value]) => (value === undefined ? [] : [option, value])),
  ];
}

// Asking

function readQuery(answer: CommandAnswer, scope: QueryScope): QueryReply {
  const value = parseAnswer(answer.stdout);
  if (isRecord(value) && Array.isArray(value.RECORDS)) {
    const records = value.RECORDS as readonly unknown[];
    return gatherReports(records.map((record) => (isRecord(record) ? readRecord(record, scope) : null)));
  }
  if (/^(?:No (?:\w+ )?job found|Job <.*> is not found)/m.test(answer.stderr + answer.stdout)) {
    return { kind: 'answered', reports: [], garbled: 0 };
  }
  return { kind: 'unavailable', message: complaintOf('bjobs', answer, NOISE) };
}

function readRecord(record: AnswerRecord, { namePrefix }: QueryScope): ReadEntry {
  // What bjobs did not find is a record, too.
  if (/is not found/.test(textOf(record, 'ERROR'))) return 'foreign';
  const id = textOf(record, 'JOBID');
  // The name of a task ends with its number: `name[3]`.
  const arrayName = textOf(record, 'JOB_NAME').replace(/\[[^\]]*\]$/, '');
  if (!/^\d+$/.test(id) || arrayName === '') return null;
  if (!arrayName.startsWith(namePrefix)) return 'foreign';
  const state = readState(record);
  const task = numberOf(record, 'JOBINDEX') ?? 0;
  return state === null ? null : { id, arrayName, tasks: [task < 1 ? 1 : task], state };
}

function readState(record: AnswerRecord): TaskState | null {
  const reason = textOf(record, 'PEND_REASON').replace(/[;.\s]+$/, '');
  switch (textOf(record, 'STAT')) {
    case 'PEND':
    case 'WAIT':
      return { kind: 'pending', reason: reason === '' || reason === '-' ? null : reason };
    case 'PSUSP':
      return { kind: 'held', reason: reason === '' ? 'PSUSP' : reason };
    case 'RUN':
    case 'USUSP':
    case 'SSUSP':
    case 'PROV':
    // The host does not answer; LSF finds out what became of it.
    case 'UNKWN':
      return { kind: 'running' };
    case 'DONE':
      return { kind: 'ended', end: { kind: 'exited', exitCode: 0 } };
    case 'EXIT':
      return { kind: 'ended', end: readExit(record) };
    case 'ZOMBI':
      return { kind: 'ended', end: { kind: 'infrastructure', message: 'ZOMBI: its host does not answer' } };
    default:
      return null;
  }
}

/** `TERM_OWNER: job killed by owner`, and the exit code. */
function readExit(record: AnswerRecord): EngineEnd {
  const words = textOf(record, 'EXIT_REASON').replace(/[;.\s]+$/, '');
  const name = /^TERM_\w+/.exec(words)?.[0] ?? '';
  const known = Object.hasOwn(ENDS, name) ? ENDS[name] : undefined;
  if (known !== undefined) return known;
  if (INFRASTRUCTURE.test(name)) return { kind: 'infrastructure', message: words };
  const status = numberOf(record, 'EXIT_CODE');
  if (NOT_STARTED.test(name)) return { kind: 'not-started', message: words };
  return status === null ? { kind: 'unknown' } : endOfStatus(status);
}
