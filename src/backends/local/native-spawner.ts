// Starts processes with posix_spawn and waits for them with one blocking wait4, both on threads of the pool. Linux only.
// Node's own fork copies the page tables of the whole heap, and blocks while it does; this costs the same at any size.
import { openSync, readSync } from 'node:fs';
import type { Libc } from './libc.js';
import { nameErrno, nameSignal } from '../../util/system-names.js';
import { encodeArguments, NativeEnvironment } from './native-strings.js';
import { SPAWN_THREADS } from './pool-threads.js';
import type { ProcessExit, SpawnListener, SpawnOrder, SpawnOutcome, Spawner } from './spawner.js';

// Sizes are upper bounds over glibc and musl; the values are Linux's.
const ACTIONS_BYTES = 128;
const ATTRIBUTES_BYTES = 512;
const SIGNAL_SET_BYTES = 128;
const USAGE_BYTES = 256;
const SETSIGDEF_SETSIGMASK_SETSID = 0x04 | 0x08 | 0x80;
const O_WRONLY_CREAT_TRUNC = 0o1 | 0o100 | 0o1000;
const LOG_MODE = 0o666;
const WNOHANG = 1;
const PR_SET_CHILD_SUBREAPER = 36;

/** An exit of a process that no settled order knows; `before` numbers the orders that may still turn out to be it. */
interface EarlyExit {
  readonly exit: ProcessExit;
  readonly before: number;
}

/** See {@link Spawner}. */
export class NativeSpawner implements Spawner {
  readonly mode = 'native';
  readonly adoptsOrphans: boolean;
  readonly width = SPAWN_THREADS;
  readonly #libc: Libc;
  readonly #listener: SpawnListener;
  readonly #environment: NativeEnvironment;
  readonly #attributes = Buffer.alloc(ATTRIBUTES_BYTES);
  readonly #status = Buffer.alloc(4);
  readonly #usage = Buffer.alloc(USAGE_BYTES);
  readonly #known = new Set<number>();
  /** Orders under way by number, oldest first, with the memory their thread reads and writes: it must not be collected. */
  readonly #underWay = new Map<number, unknown>();
  #early: EarlyExit[] = [];
  #orders = 0;
  #isWaiting = false;
  readonly #orphans = new ChildList();
  /** A vfork'ed child counts our memory as its own until it executes; a peak not above ours says nothing. */
  #ownPeakKib = process.resourceUsage().maxRSS;

  constructor(libc: Libc, environment: Readonly<Record<string, string>>, listener: SpawnListener) {
    this.#libc = libc;
    this.#listener = listener;
    this.#environment = new NativeEnvironment(environment);
    this.adoptsOrphans = this.#libc.prctl(PR_SET_CHILD_SUBREAPER, 1) === 0;
    this.#libc.initAttributes(this.#attributes);
    this.#libc.setFlags(this.#attributes, SETSIGDEF_SETSIGMASK_SETSID);
    // Node ignores SIGPIPE and the launcher more; a job starts with every signal at its default, none blocked.
    const signals = Buffer.alloc(SIGNAL_SET_BYTES);
    this.#libc.setSignalMask(this.#attributes, signals);
    this.#libc.fillSet(signals);
    this.#libc.setDefaultSignals(this.#attributes, signals);
  }

  readonly spawn = (order: SpawnOrder, settle: (outcome: SpawnOutcome) => void): void => {
    const number = this.#orders++;
    const actions = this.#makeActions(order);
    const pidMemory = Buffer.alloc(4);
    const argv = encodeArguments(order.argv);
    const envp = this.#environment.extend(order.variables);
    this.#underWay.set(number, { actions, pidMemory, argv, envp });
    const finish = (errno: number): void => {
      this.#libc.destroyActions(actions);
      this.#underWay.delete(number);
      const pid = pidMemory.readInt32LE(0);
      if (errno === 0) this.#known.add(pid);
      settle(errno === 0 ? { kind: 'spawned', pid } : { kind: 'failed', code: nameErrno(errno) });
      this.#sortEarly();
      this.#wait();
    };
    this.#libc.spawn.async(
      pidMemory,
      order.program,
      actions,
      this.#attributes,
      argv.vector,
      envp.vector,
      (_error, errno) => {
        finish(errno);
      },
    );
  };

  #makeActions(order: SpawnOrder): Buffer {
    const actions = Buffer.alloc(ACTIONS_BYTES);
    this.#libc.initActions(actions);
    this.#libc.addOpen(actions, 0, '/dev/null', 0, 0);
    this.#libc.addOpen(actions, 1, order.logPath, O_WRONLY_CREAT_TRUNC, LOG_MODE);
    this.#libc.addDup2(actions, 1, 2);
    this.#libc.addChdir(actions, order.cwd);
    return actions;
  }

  readonly hasGroup = (pid: number): boolean => this.#libc.kill(-pid, 0) === 0;

  readonly listOrphans = (): readonly number[] =>
    this.adoptsOrphans ? this.#orphans.read().filter((pid) => !this.#known.has(pid)) : [];

  readonly exit = (exitCode: number): never => this.#libc.exitNow(exitCode);

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#libc.wait4.async(-1, this.#status, 0, this.#usage, (_error, first) => {
      this.#isWaiting = false;
      // Below zero: there is no child (any more). The next one started is waited for again.
      if (first <= 0) {
        if (this.#known.size > 0) this.#wait();
        return;
      }
      const exits: ProcessExit[] = [];
      for (let pid = first; pid > 0; pid = this.#libc.wait4(-1, this.#status, WNOHANG, this.#usage)) {
        const exit = this.#readExit(pid);
        // An ordered process may end before its thread has told its pid; until then it looks like an orphan.
        if (this.#known.delete(pid) || this.#underWay.size === 0) exits.push(exit);
        else this.#early.push({ exit, before: this.#orders });
      }
      this.#wait();
      if (exits.length > 0) this.#listener.onExits(exits);
    });
  }

  /** Reports early exits whose order has been settled, and those that cannot be any order's. */
  #sortEarly(): void {
    if (this.#early.length === 0) return;
    const [oldest = Infinity] = this.#underWay.keys();
    const exits: ProcessExit[] = [];
    this.#early = this.#early.filter(({ exit, before }) => {
      const isOver = this.#known.delete(exit.pid) || oldest >= before;
      if (isOver) exits.push(exit);
      return !isOver;
    });
    if (exits.length > 0) this.#listener.onExits(exits);
  }

  #readExit(pid: number): ProcessExit {
    const status = this.#status.readInt32LE(0);
    const signal = status & 0x7f;
    const usage = this.#usage;
    const micros = (offset: number): number =>
      Number(usage.readBigInt64LE(offset)) * 1e6 + Number(usage.readBigInt64LE(offset + 8));
    const maxRssKib = Number(usage.readBigInt64LE(32));
    if (maxRssKib > this.#ownPeakKib) this.#ownPeakKib = process.resourceUsage().maxRSS;
    return {
      pid,
      end:
        signal === 0
          ? { kind: 'exited', exitCode: (status >> 8) & 0xff }
          : { kind: 'signalled', signal: nameSignal(signal) },
      usage: {
        cpuMs: (micros(0) + micros(16)) / 1000,
        ...(maxRssKib > this.#ownPeakKib ? { maxRssKib } : {}),
      },
    };
  }
}

/** The children the kernel counts to the main thread: adopted ones. Those started on pool threads stand in other lists. */
class ChildList {
  readonly #buffer = Buffer.alloc(65_536);
  readonly #fd = openChildList();

  /** Empty where the kernel keeps no such list. */
  read(): readonly number[] {
    if (this.#fd === null) return [];
    const bytes = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, 0);
    return bytes === 0 ? [] : this.#buffer.toString('latin1', 0, bytes).trim().split(' ').map(Number);
  }
}

function openChildList(): number | null {
  try {
    return openSync(`/proc/${process.pid}/task/${process.pid}/children`, 'r');
  } catch {
    // A kernel built without CONFIG_PROC_CHILDREN: escaped processes are then found by their token only.
    return null;
  }
}
