// Puts what a launcher starts into a control group (cgroup v2) of its own, where the system lets it: whatever a process does, it stays in there.
// Knows no job; one group a launcher, because to move a process takes milliseconds.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../util/message-of.js';
import { safePathName } from '../../util/safe-path-name.js';

/** The group of a launcher, or why there is none. */
export type CgroupMembership =
  { readonly kind: 'entered'; readonly path: string } | { readonly kind: 'none'; readonly reason: string };

/** Puts this process, and with it all that it will start, into a new group named after `scope`. */
export function enterCgroup(scope: string): CgroupMembership {
  try {
    const own = findOwnCgroup();
    if (own === undefined) return { kind: 'none', reason: 'there is no cgroup v2 here' };
    const path = join(own, `regatta-${safePathName(scope).replaceAll('/', '.')}`);
    // There is one already when an earlier launcher of this scope died.
    mkdirSync(path, { recursive: true });
    try {
      writeFileSync(join(path, 'cgroup.procs'), String(process.pid));
    } catch (error) {
      rmdirSync(path);
      throw error;
    }
    return { kind: 'entered', path };
  } catch (error) {
    return { kind: 'none', reason: `cgroup v2 may not be used: ${messageOf(error)}` };
  }
}

/** Takes this process back to where it was, and ends at once whatever else is in its group. Harmless to repeat. */
export function endOwnCgroup(path: string): void {
  try {
    writeFileSync(join(dirname(path), 'cgroup.procs'), String(process.pid));
  } catch {
    // It ends with us in it, and is ended by whoever sweeps after us.
    return;
  }
  endCgroup(path);
}

/** Ends everything in a group at once, what is being started included, and removes the group. Never that of this process. */
export function endCgroup(path: string): void {
  try {
    writeFileSync(join(path, 'cgroup.kill'), '1');
  } catch {
    // Gone already; or a kernel before 5.14, where the sweep before this was all that can be done.
  }
  removeCgroup(path);
}

/** Removes the group of a launcher that has left it or is gone; one that is not empty stays. */
export function removeCgroup(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Gone already, or something in it is still being ended.
  }
}

/** Processes in a group, but for this one; none when the group is gone. */
export function listCgroup(path: string): readonly number[] {
  const file = join(path, 'cgroup.procs');
  if (!existsSync(file)) return [];
  const pids = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
  return pids.filter((pid) => pid !== process.pid);
}

/** Directory of the cgroup v2 group that this process is in; undefined where there is none. */
function findOwnCgroup(): string | undefined {
  if (!existsSync('/proc/self/cgroup')) return undefined;
  // `0::/path` is the line of version 2. The mount's options are irrelevant; its root may be below the hierarchy's.
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  const mount = /^\d+ \d+ \d+:\d+ (\S+) (\S+) .* - cgroup2 /m.exec(
    readFileSync('/proc/self/mountinfo', 'utf8'),
  );
  if (own === undefined || mount === null) return undefined;
  const [, root = '/', mountPoint = ''] = mount;
  const below = root === '/' ? own : own.startsWith(root) ? own.slice(root.length) : undefined;
  return below === undefined ? undefined : join(mountPoint, below);
}
