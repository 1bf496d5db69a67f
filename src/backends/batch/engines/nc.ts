// Altair NetworkComputer (Accelerator): nc run, nc list, nc stop. Words as documented. It has no arrays in the sense of the others: each
// job is submitted by itself. All jobs of a run are in one set, by which they are listed.
import { complaintOf } from '../answer-words.js';
import type {
  ArrayRequest,
  BatchEngine,
  QueryReply,
  QueryScope,
  SubmitOrder,
  TaskDemand,
  TaskState,
  TaskTarget,
} from '../engine.js';
import { gatherReports, type ReadEntry } from './gather-reports.js';
import { readSubmitReply } from './submit-reply.js';
import { spreadArguments } from './task-arguments.js';

const OPTIONS = {
  jobclass: { help: 'job class to submit to' },
  environment: { help: 'named environment of the job (SNAPSHOT)' },
  group: { help: 'group of the jobs, for fairshare' },
  priority: { help: 'priority, such as normal or 4' },
} as const;

const NOISE = /^(?:nc|vnc\w*|vov\w*)?:? ?(?:ERROR|error|WARNING|message)?:? ?/;

const BUSY = /cannot connect|connection|not (?:running|responding)|too many|limit|server .*down|unavailable/i;

/** The other program of this name. */
const NETCAT = /usage: nc\b|netcat|invalid (?:port|option)|forward host lookup|getaddrinfo|no port/i;

/** Names that jobs are told by, other jobs, and what waits for the end or needs a terminal. */
const OWN_ARGUMENTS = /^-(?:array|I|Ir|Irx|Ix|J|set|w|wl)$/;

const NO_SUCH_SET = /(?:no such|unknown|cannot find|not found|does not exist|no) .*(?:set|jobs?)/i;

export const NC: BatchEngine = {
  name: 'nc',
  title: 'NetworkComputer',
  programs: ['nc'],
  options: OPTIONS,
  taskVariable: 'REGATTA_TASK',
  ownVariables: /^(?:VOV_JOB\w*|VOV_JOBID|NC_JOBID|REGATTA_TASK)$/,

  ownArguments: OWN_ARGUMENTS,

  probe: { program: 'nc', args: ['hosts'] },
  readProbe: (answer) => {
    if (answer.exitCode === 0) return { kind: 'answered', arrayLimit: 1, facts: [] };
    const message = NETCAT.test(answer.stderr)
      ? 'the nc on PATH is netcat, not NetworkComputer'
      : complaintOf('nc', answer, NOISE);
    return { kind: 'unavailable', message };
  },

  submit: wordSubmission,
  readSubmit: (answer) =>
    readSubmitReply(answer, {
      program: 'nc run',
      id: /^\s*(?:JobId\s*=\s*)?0*(\d{3,})\s*$/im,
      noise: NOISE,
      busy: BUSY,
    }),

  query: ({ namePrefix }) => ({
    program: 'nc',
    args: ['list', '-H', '-set', setOf(namePrefix), '-O', '@ID@ @STATUSNC@ @JOBNAME@'],
  }),
  readQuery: (answer, scope): QueryReply => {
    if (answer.exitCode === 0) {
      const lines = answer.stdout.split('\n').filter((line) => line.trim() !== '');
      return gatherReports(lines.map((line) => readLine(line, scope)));
    }
    return NO_SUCH_SET.test(answer.stderr + answer.stdout)
      ? { kind: 'answered', reports: [], garbled: 0 }
      : { kind: 'unavailable', message: complaintOf('nc', answer, NOISE) };
  },

  // Ended jobs stay listed.
  history: null,

  askToEnd: (targets) => spreadArguments('nc', ['stop', '-sig', 'TERM'], idsOf(targets)),
  cancel: (targets) => spreadArguments('nc', ['stop', '-sig', 'KILL'], idsOf(targets)),
};

function idsOf(targets: readonly TaskTarget[]): readonly string[] {
  return targets.map(({ id }) => id);
}

/** The set of a run: what the names of its arrays have in common, which they end with a number after. */
function setOf(name: string): string {
  return name.replace(/\d+$/, '').replace(/-$/, '');
}

// Submitting

function wordSubmission({ name, script, demand }: ArrayRequest): SubmitOrder {
  const args = [
    'run',
    // No check of the directory, no log, no entry in the history.
    ...['-D', '-nolog', '-nodb'],
    ...['-e', demand.options.environment ?? 'SNAPSHOT'],
    ...['-J', name],
    ...['-set', setOf(name)],
    ...wordDemand(demand),
    ...demand.extraArgs,
    '--',
    script,
  ];
  return { command: { program: 'nc', args } };
}

/** Regatta keeps the time limit; NetworkComputer is told none. */
function wordDemand({ cpus, memoryMib, licences, options }: TaskDemand): readonly string[] {
  const wanted = [
    ...(cpus === null ? [] : [`CORES/${cpus}`]),
    ...(memoryMib === null ? [] : [`RAM/${memoryMib}`]),
    ...Object.entries(licences).map(([licence, units]) => `License:${licence}/${units}`),
  ];
  const { jobclass, group, priority } = options;
  return [
    ...wanted.flatMap((resource) => ['-r', resource]),
    ...(jobclass === undefined ? [] : ['-C', jobclass]),
    ...(group === undefined ? [] : ['-g', group]),
    ...(priority === undefined ? [] : ['-p', priority]),
  ];
}

// Asking

function readLine(line: string, { namePrefix }: QueryScope): ReadEntry {
  const [, id, status = '', arrayName = ''] = /^0*(\d{3,})\s+(\w+)\s+(\S+)$/.exec(line.trim()) ?? [];
  const state = readState(status);
  if (id === undefined || state === null) return null;
  return arrayName.startsWith(namePrefix) ? { id, arrayName, tasks: [1], state } : 'foreign';
}

function readState(status: string): TaskState | null {
  switch (status.toLowerCase()) {
    case 'scheduled':
    case 'queued':
    case 'retracing':
      return { kind: 'pending', reason: null };
    // On its way to another cluster, or taken from its machine, for a job of more importance: it is started there, or again.
    case 'transfer':
    case 'withdrawn':
      return { kind: 'pending', reason: status };
    case 'running':
    case 'suspended':
      return { kind: 'running' };
    case 'done':
    case 'valid':
      return { kind: 'ended', end: { kind: 'exited', exitCode: 0 } };
    // Not to be run any more: stopped while it waited.
    case 'idle':
    case 'invalid':
    case 'killed':
      return { kind: 'ended', end: { kind: 'cancelled', by: null } };
    // How is not said here; the job's own record says so.
    case 'failed':
      return { kind: 'ended', end: { kind: 'unknown' } };
    case 'sleeping':
      return {
        kind: 'ended',
        end: { kind: 'infrastructure', message: 'Sleeping: no tasker has it any more' },
      };
    default:
      return null;
  }
}
