// Looks at what the local backend depends on: processes, limits, control groups. Runs no job.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { LauncherFacts } from '../../backends/local/launcher-messages.js';
import { note, ok, problem, type Finding } from './finding.js';

/** Fewer open files or processes than this are soon used up. */
const FEW = 256;

/** What this machine is like. */
export function examineMachine(): readonly Finding[] {
  return [
    ok(
      `Node.js ${process.versions.node} on ${process.platform} ${process.arch}, ${availableParallelism()} processors`,
    ),
    examineProc(),
    ...examineLimits(readIfThere('/proc/self/limits')),
  ];
}

function examineProc(): Finding {
  return readIfThere('/proc/self/stat') === null
    ? note(
        '/proc is not readable: jobs that leave their session are not found',
        'mount /proc in the container',
      )
    : ok('/proc is readable: every process of a job can be found');
}

/** The soft limits that matter, of the text of /proc/self/limits. */
export function examineLimits(text: string | null): readonly Finding[] {
  if (text === null) return [];
  return [
    { name: 'Max open files', what: 'open files', advice: 'raise it: ulimit -n 4096' },
    { name: 'Max processes', what: 'processes', advice: 'raise it: ulimit -u 4096' },
  ].flatMap(({ name, what, advice }) => {
    const limit = new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(text)?.[1];
    if (limit === undefined) return [];
    return [
      Number(limit) < FEW
        ? problem(`only ${limit} ${what} are allowed`, advice)
        : ok(`${limit} ${what} are allowed`),
    ];
  });
}

/** How the launcher works here, as it says when it has started. */
export function examineLauncher(facts: LauncherFacts | null): readonly Finding[] {
  if (facts === null) return [];
  const { mode, fallbackReason, cgroup, cgroupReason, adoptsOrphans } = facts;
  return [
    mode === 'native'
      ? ok('the launcher starts jobs natively')
      : note(`the launcher starts jobs the portable, slower way: ${fallbackReason ?? 'no reason known'}`),
    cgroup === null
      ? note(`no control group for the run: ${cgroupReason ?? 'no reason known'}`)
      : ok(`the run has a control group: ${cgroup}`),
    adoptsOrphans
      ? ok('orphans of jobs come to the launcher')
      : note('orphans of jobs do not come to the launcher'),
  ];
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not for us: that is what is to be found out.
    return null;
  }
}
