// Finds the processes of a job: by session and group, by descent, and by the token in their environment.
// Reads /proc, where there is one. Knows no job beyond its pid and token; ends nothing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AttemptId } from '../../model/backend.js';

/** Environment variable that names the run, job and attempt a process belongs to. */
export const TOKEN_VARIABLE = 'REGATTA_JOB';

/** Scope of the tokens of one session of a run: of all that is started by one process that drives it. */
export function makeScope(runId: string, session: number): string {
  return `${runId}/${session}`;
}

/** What {@link TOKEN_VARIABLE} holds for an attempt at a job. */
export function makeToken(scope: string, { job, attempt }: AttemptId): string {
  return `${makeTokenPrefix(scope)}${job}/${attempt}`;
}

/** What the tokens of a scope start with, and no others. A run id is the scope of all its sessions. */
export function makeTokenPrefix(scope: string): string {
  return `${scope}/`;
}

const MAX_COMMAND_CHARS = 120;

/** Whether processes can be found here; where not (macOS), groups are all there is to go by. */
export const HAS_PROCESS_TABLE = existsSync('/proc/self/stat');

/** A living process as `/proc/<pid>/stat` tells; zombies are left out. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** What is looked for. */
export interface Kin {
  /** Value of {@link TOKEN_VARIABLE}. */
  readonly token: string;
  /** The process that leads the session, or null when there is none to go by. */
  readonly pid: number | null;
}

/**
 * Finds the living processes of each kin: its session's and group's, those with its token, and all their descendants.
 * A process that left its session, emptied its environment and lost its parent is not found this way.
 *
 * @returns Processes by kin; a kin without processes has no entry.
 */
export function findKin<K extends Kin>(kins: Iterable<K>): Map<K, ProcessInfo[]> {
  const byPid = new Map<number, K>();
  const byToken = new Map<string, K>();
  for (const kin of kins) {
    if (kin.pid !== null) byPid.set(kin.pid, kin);
    byToken.set(kin.token, kin);
  }
  return collect((info) => {
    const kin = byPid.get(info.session) ?? byPid.get(info.group);
    if (kin !== undefined) return kin;
    const token = readToken(info.pid);
    return token === undefined ? undefined : byToken.get(token);
  });
}

/** Living processes whose token starts with `prefix`, and their descendants; never this process itself. */
export function findByTokenPrefix(prefix: string): readonly ProcessInfo[] {
  const isOurs = ({ pid }: ProcessInfo): boolean => readToken(pid)?.startsWith(prefix) === true;
  return collect((info) => (isOurs(info) ? prefix : undefined)).get(prefix) ?? [];
}

/** Living descendants of this process. */
export function findDescendants(): readonly ProcessInfo[] {
  return collect((info) => (info.parent === process.pid ? 'own' : undefined)).get('own') ?? [];
}

/** What tells whose a process is, though its parent is dead. */
export function identifyProcess(pid: number): { readonly token?: string; readonly session?: number } {
  const token = readToken(pid);
  const session = readInfo(String(pid))?.session;
  return { ...(token === undefined ? {} : { token }), ...(session === undefined ? {} : { session }) };
}

/** The token of a living process, or undefined when it has none or may not be asked. */
function readToken(pid: number): string | undefined {
  const environment = readProc(`${pid}/environ`);
  if (environment === undefined) return undefined;
  const mark = `${TOKEN_VARIABLE}=`;
  const start = environment.startsWith(mark) ? 0 : environment.indexOf(`\0${mark}`) + 1;
  if (start === 0 && !environment.startsWith(mark)) return undefined;
  const end = environment.indexOf('\0', start);
  return environment.slice(start + mark.length, end === -1 ? undefined : end);
}

/** Each of these processes that still lives, once, as `pid command` for people: what has ended since it was found is not left. */
export function describeLiving(pids: readonly number[]): string[] {
  return [...new Set(pids)].flatMap((pid) =>
    readInfo(String(pid)) === undefined ? [] : (describeProcess(pid) ?? []),
  );
}

/** Undefined when it is gone. */
function describeProcess(pid: number): string | undefined {
  const name = readProc(`${pid}/comm`)?.trim();
  if (name === undefined) return undefined;
  const words = readProc(`${pid}/cmdline`)?.split('\0').join(' ').trim() ?? '';
  return `${pid} ${(words === '' ? name : words).slice(0, MAX_COMMAND_CHARS)}`.trim();
}

/** Sends a signal; a process or group that is gone is what was wanted. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // EPERM: it has become another user's (a set-user-id program); it is reported as left over if it stays.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function collect<K>(claim: (info: ProcessInfo) => K | undefined): Map<K, ProcessInfo[]> {
  const children = new Map<number, ProcessInfo[]>();
  const owners = new Map<ProcessInfo, K>();
  for (const info of listProcesses()) {
    if (info.pid === process.pid) continue;
    append(children, info.parent, info);
    const owner = claim(info);
    if (owner !== undefined) owners.set(info, owner);
  }
  const found = new Map<K, ProcessInfo[]>();
  // Grows while it is walked: a Map's iteration reaches what is added on the way.
  for (const [info, owner] of owners) {
    append(found, owner, info);
    for (const child of children.get(info.pid) ?? []) if (!owners.has(child)) owners.set(child, owner);
  }
  return found;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function listProcesses(): readonly ProcessInfo[] {
  if (!HAS_PROCESS_TABLE) return [];
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readInfo(name) ?? []) : []));
}

function readInfo(pid: string): ProcessInfo | undefined {
  // The command in parentheses may itself hold parentheses and spaces; what follows the last one is plain.
  const stat = readProc(`${pid}/stat`);
  const [state, parent, group, session] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ', 4) ?? [];
  if (state === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(session) };
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    // Gone in the meantime, or not ours to look at.
    return undefined;
  }
}
