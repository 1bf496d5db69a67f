// The C functions the launcher calls, with their types. Knows nothing of what they are used for; Linux only.
import { load } from 'koffi';

/** Memory handed to C; the caller keeps it alive until the call, and its callback, is over. */
type Memory = Uint8Array | BigUint64Array;

/** An asynchronous variant runs on a thread of the pool and calls back on the main one. */
interface WithAsync<Args extends unknown[]> {
  (...args: Args): number;
  readonly async: (...args: [...Args, (error: unknown, result: number) => void]) => void;
}

/** The functions used, each as its manual page in section 2 or 3 says. Those of the spawn family return an errno. */
export interface Libc {
  readonly spawn: WithAsync<
    [pid: Memory, path: string, actions: Memory, attributes: Memory, argv: Memory, envp: Memory]
  >;
  readonly initActions: (actions: Memory) => number;
  readonly addOpen: (
    actions: Memory,
    ...rest: [fd: number, path: string, flags: number, mode: number]
  ) => number;
  readonly addDup2: (actions: Memory, fd: number, newFd: number) => number;
  readonly addChdir: (actions: Memory, path: string) => number;
  readonly destroyActions: (actions: Memory) => number;
  readonly initAttributes: (attributes: Memory) => number;
  readonly setFlags: (attributes: Memory, flags: number) => number;
  readonly setDefaultSignals: (attributes: Memory, set: Memory) => number;
  readonly setSignalMask: (attributes: Memory, set: Memory) => number;
  readonly fillSet: (set: Memory) => number;
  readonly wait4: WithAsync<[pid: number, status: Memory, options: number, usage: Memory]>;
  readonly kill: (pid: number, signal: number) => number;
  readonly prctl: (option: number, value: number) => number;
  readonly exitNow: (code: number) => never;
}

const DECLARATIONS: Readonly<Record<keyof Libc, string>> = {
  spawn:
    'int posix_spawn(void *pid, const char *path, void *actions, void *attributes, void *argv, void *envp)',
  initActions: 'int posix_spawn_file_actions_init(void *actions)',
  addOpen:
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, unsigned int mode)',
  addDup2: 'int posix_spawn_file_actions_adddup2(void *actions, int fd, int newFd)',
  addChdir: 'int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)',
  destroyActions: 'int posix_spawn_file_actions_destroy(void *actions)',
  initAttributes: 'int posix_spawnattr_init(void *attributes)',
  setFlags: 'int posix_spawnattr_setflags(void *attributes, short flags)',
  setDefaultSignals: 'int posix_spawnattr_setsigdefault(void *attributes, void *set)',
  setSignalMask: 'int posix_spawnattr_setsigmask(void *attributes, void *set)',
  fillSet: 'int sigfillset(void *set)',
  wait4: 'int wait4(int pid, void *status, int options, void *usage)',
  kill: 'int kill(int pid, int signal)',
  // The unused arguments of prctl are read by the kernel for this option, so they are passed, as zeros.
  prctl: 'int prctl(int option, unsigned long value, unsigned long c, unsigned long d, unsigned long e)',
  exitNow: 'void _exit(int code)',
};

/**
 * Binds the functions.
 *
 * @throws Error when this C library lacks one of them.
 */
export function loadLibc(): Libc {
  const library = load(null);
  const entries = Object.entries(DECLARATIONS).map(([name, text]) => [name, library.func(text)] as const);
  const bound = Object.fromEntries(entries) as unknown as Omit<Libc, 'prctl'> & {
    prctl: (...args: [number, number, number, number, number]) => number;
  };
  return { ...bound, prctl: (option, value) => bound.prctl(option, value, 0, 0, 0) };
}
