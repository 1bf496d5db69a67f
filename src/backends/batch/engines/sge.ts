// Grid Engine: qsub, qstat, qdel, qconf, and qacct for what the queue has forgotten. Words of Son of Grid Engine 8.1.9, which its
// relatives share.
import { complaintOf } from '../answer-words.js';
import type {
  ArrayRequest,
  BatchEngine,
  EngineEnd,
  QueryReply,
  QueryScope,
  SubmitOrder,
  TaskDemand,
  TaskState,
} from '../engine.js';
import { parseTaskRanges } from '../task-ranges.js';
import { gatherReports, type ReadEntry } from './gather-reports.js';
import { readSubmitReply } from './submit-reply.js';
import { endOfStatus } from './shell-status.js';
import { nameTargets, spreadArguments } from './task-arguments.js';

const OPTIONS = {
  queue: { help: 'queue to submit to, or a list of them' },
  project: { help: 'project to charge' },
  account: { help: 'account string for the accounting' },
  parallel_environment: { help: 'parallel environment of jobs with several processors (smp)' },
  memory_resource: { help: 'resource that memory is asked for with (mem_free)' },
} as const;

/** What Grid Engine's programs put around what they say. */
const NOISE = /^(?:Unable to run job: |error: |Exiting\.|denied: )+/;

const MEMORY_RESOURCE = 'mem_free';

/** Names of resources that hosts measure. */
const LOAD_VALUE = /_(?:free|used|total)$/;

/** The request was not sent, or there are too many jobs. */
const BUSY =
  /jobs are allowed per|unable to (?:contact|send)|cannot connect|can't connect|commlib error|got send|can't resolve|not enough|out of memory/i;

/** The request may have arrived. */
const UNCLEAR =
  /receiving gdi|got read|read (?:error|timeout)|receive (?:error|timeout)|endpoint not unique/i;

/** Names and numbers that jobs are told by, a second run, and what submits nothing or waits for the end. */
const OWN_ARGUMENTS = /^-(?:clear|help|N|now|r|sync|t|terse|verify)$/;

/** `failed` in the accounting: 0 well, 1 to 36 not started, 37 a limit, 100 killed while it ran. */
const FAILED_LIMIT = 37;
const FAILED_KILLED = 100;
const FAILED_RESCHEDULED = 25;

/** The master writes the accounting every 15 s (`accounting_flush_time`), unless the site wants it otherwise. */
const ACCOUNTED_AFTER_MS = 20_000;

/** What qacct says of a job none of whose tasks ran. */
const NEVER_RAN = /^error: job id \d+ not found/m;

export const SGE: BatchEngine = {
  name: 'sge',
  title: 'Grid Engine',
  programs: ['qsub', 'qstat', 'qdel', 'qconf'],
  options: OPTIONS,
  // `undefined` in a job that is no array.
  taskVariable: 'SGE_TASK_ID',
  ownVariables:
    /^(?:SGE_(?!ROOT$|CELL$|QMASTER_PORT$|EXECD_PORT$|CLUSTER_NAME$)|JOB_ID$|JOB_NAME$|JOB_SCRIPT$|QUEUE$|PE$|PE_HOSTFILE$|NSLOTS$|NQUEUES$|NHOSTS$|RESTARTED$|REQUEST$|REQNAME$|ARC$|TASK_ID$|JOB_SPOOL_DIR)/,

  ownArguments: OWN_ARGUMENTS,

  probe: { program: 'qconf', args: ['-sconf'] },
  readProbe: (answer) => {
    const limit = readSetting(answer.stdout, 'max_aj_tasks');
    if (answer.exitCode !== 0 || limit === null) {
      return { kind: 'unavailable', message: complaintOf('qconf', answer, NOISE) };
    }
    // At 0 there is no limit.
    const arrayLimit = Number(limit) >= 1 ? Number(limit) : null;
    const facts = ['max_aj_tasks', 'max_aj_instances', 'max_u_jobs', 'max_jobs'].flatMap((name) => {
      const value = readSetting(answer.stdout, name);
      return value === null ? [] : [`${name} ${value}`];
    });
    return { kind: 'answered', arrayLimit, facts };
  },

  submit: wordSubmission,
  // `12`, or `12.1-300:1`.
  readSubmit: (answer) =>
    readSubmitReply(answer, {
      program: 'qsub',
      id: /^(\d+)(?:\.\d+-\d+:\d+)?$/m,
      noise: NOISE,
      busy: BUSY,
      unclear: UNCLEAR,
    }),

  query: ({ user }) => ({ program: 'qstat', args: ['-xml', '-u', user, '-s', 'prs'] }),
  readQuery: (answer, scope): QueryReply => {
    if (answer.exitCode !== 0 || !answer.stdout.includes('</job_info>')) {
      return { kind: 'unavailable', message: complaintOf('qstat', answer, NOISE) };
    }
    const blocks = answer.stdout.matchAll(/<job_list\b[^>]*>(.*?)<\/job_list>/gs);
    return gatherReports(Array.from(blocks, ([, block = '']) => readEntry(block, scope)));
  },

  history: {
    completeAfterMs: ACCOUNTED_AFTER_MS,
    // All tasks of an array at once: qacct reads its whole file each time it is asked.
    command: (targets) => targets.map(({ id }) => ({ program: 'qacct', args: ['-j', id] })),
    read: (answer, scope): QueryReply => {
      if (answer.exitCode !== 0) {
        if (NEVER_RAN.test(answer.stderr)) return { kind: 'answered', reports: [], garbled: 0 };
        return { kind: 'unavailable', message: complaintOf('qacct', answer, NOISE) };
      }
      const blocks = answer.stdout.split(/^=+$/m).filter((block) => block.trim() !== '');
      return gatherReports(blocks.map((block) => readAccount(block, scope)));
    },
  },

  // qdel sends SIGKILL; there is no other way to send a signal to a job.
  askToEnd: null,
  cancel: (targets) =>
    spreadArguments(
      'qdel',
      [],
      nameTargets(targets, (id, range) => `${id}.${range}`),
    ),
};

function readSetting(text: string, name: string): string | null {
  return new RegExp(`^${name}[ \\t]+(\\S.*?)\\s*$`, 'm').exec(text)?.[1] ?? null;
}

// Submitting

function wordSubmission({ name, taskCount, script, directory, demand }: ArrayRequest): SubmitOrder {
  const args = [
    '-terse',
    ...['-N', name],
    ...(taskCount === 1 ? [] : ['-t', `1-${taskCount}`]),
    // The script itself, not a copy that qsub looks through for options.
    ...['-b', 'y', '-shell', 'n'],
    ...['-r', 'n', '-m', 'n'],
    ...['-j', 'y', '-o', '/dev/null'],
    ...['-wd', directory],
    ...(isVerifiable(demand) ? ['-w', 'e'] : []),
    ...wordDemand(demand),
    ...demand.extraArgs,
    script,
  ];
  return { command: { program: 'qsub', args } };
}

/**
 * Whether Grid Engine can tell beforehand that a job could not even run on an empty cluster. It would wait for ever, and is refused then.
 * Of load values, as free memory is one, it knows nothing at that time, and would refuse whatever asks for them.
 */
function isVerifiable({ memoryMib, options }: TaskDemand): boolean {
  return memoryMib === null || !LOAD_VALUE.test(options.memory_resource ?? MEMORY_RESOURCE);
}

function wordDemand({ cpus, memoryMib, timeLimitMins, licences, options }: TaskDemand): readonly string[] {
  const { queue, project, account } = options;
  const { parallel_environment = 'smp', memory_resource = MEMORY_RESOURCE } = options;
  const wanted = [
    ...(memoryMib === null ? [] : [`${memory_resource}=${memoryMib}M`]),
    ...(timeLimitMins === null ? [] : [`h_rt=${timeLimitMins * 60}`]),
    ...Object.entries(licences).map(([licence, units]) => `${licence}=${units}`),
  ];
  return [
    ...(cpus === null || cpus === 1 ? [] : ['-pe', parallel_environment, String(cpus)]),
    ...(wanted.length === 0 ? [] : ['-l', wanted.join(',')]),
    ...(queue === undefined ? [] : ['-q', queue]),
    ...(project === undefined ? [] : ['-P', project]),
    ...(account === undefined ? [] : ['-A', account]),
  ];
}

// Asking

/** An entry of `qstat -xml`: a running task, or waiting ones of one array. */
function readEntry(block: string, { namePrefix }: QueryScope): ReadEntry {
  const field = (name: string): string | null =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(block)?.[1]?.trim() ?? null;
  const id = field('JB_job_number');
  const arrayName = field('JB_name');
  if (id === null || !/^\d+$/.test(id) || arrayName === null) return null;
  if (!arrayName.startsWith(namePrefix)) return 'foreign';
  const tasks = parseTaskRanges(field('tasks') ?? '1');
  const state = readState(field('state') ?? '', id);
  return tasks === null || state === null ? null : { id, arrayName, tasks, state };
}

/** Letters, one for each that holds: `qw`, `hqw`, `Eqw`, `r`, `dr`, `t`, `S` ... */
function readState(letters: string, id: string): TaskState | null {
  if (!/^[a-zA-Z]{1,8}$/.test(letters)) return null;
  // The queue says more, but such a job is taken out of it; what the accounting says stays.
  if (letters.includes('E')) return { kind: 'held', reason: `error state ${letters}, see qacct -j ${id}` };
  if (letters.includes('q')) {
    return letters.includes('h')
      ? { kind: 'held', reason: `on hold, state ${letters}` }
      : { kind: 'pending', reason: null };
  }
  if (/[rtsSTNP]/.test(letters)) return { kind: 'running' };
  return null;
}

/** A block of `qacct -j`. */
function readAccount(block: string, { namePrefix }: QueryScope): ReadEntry {
  const id = readSetting(block, 'jobnumber');
  const arrayName = readSetting(block, 'jobname');
  const failure = /^(\d+)(?:\s*:\s*(.*))?$/.exec(readSetting(block, 'failed') ?? '');
  const status = /^\d+/.exec(readSetting(block, 'exit_status') ?? '')?.[0];
  if (id === null || arrayName === null || failure === null || status === undefined) return null;
  if (!arrayName.startsWith(namePrefix)) return 'foreign';
  const task = readSetting(block, 'taskid');
  const tasks = parseTaskRanges(task === null || task === 'undefined' ? '1' : task);
  if (tasks === null) return null;
  // Univa's and Altair's: who has deleted it, by commas.
  const by = readSetting(block, 'deleted_by');
  const end: EngineEnd =
    by === null || by === 'NONE'
      ? readFailure(Number(failure[1]), failure[2] ?? '', Number(status))
      : { kind: 'cancelled', by };
  return { id, arrayName, tasks, state: { kind: 'ended', end } };
}

function readFailure(failed: number, words: string, status: number): EngineEnd {
  if (failed === 0 || failed === FAILED_KILLED) return endOfStatus(status);
  if (failed === FAILED_LIMIT) return { kind: 'timeout' };
  const message = `failed ${failed}: ${words}`;
  const isBefore = failed < FAILED_LIMIT && failed !== FAILED_RESCHEDULED;
  return { kind: isBefore ? 'not-started' : 'infrastructure', message };
}
