// Reads what a task's script has written about it. Knows no file.
//
//     start <pid> <uptime> <host>     the node's uptime in seconds, `-` where unknown: no clock is compared with another one
//     refused <why>                   it could not be started
//     revoked                         the array was given up before it started
//     launched                        the job's command runs
//     0m0.00s 0m0.00s                 CPU time of the script, user and system
//     0m1.25s 0m0.10s                 CPU time of the job
//     end <status> <uptime>

/** A task's record, complete when its name ends in `.end`. */
export interface SpoolRecord {
  readonly host: string | null;
  /** Whether the job's command was run. */
  readonly isLaunched: boolean;
  /** Whether the task found that its array had been given up, and did nothing. */
  readonly isRevoked: boolean;
  /** Why it could not be started. */
  readonly refusal: string | null;
  /** Exit status as a shell tells it; null: not in the record. */
  readonly status: number | null;
  /** CPU time of the job, in milliseconds. */
  readonly cpuMs: number | null;
  /** Time from start to end, in milliseconds. */
  readonly elapsedMs: number | null;
}

/** Reads a record; what makes no sense counts as missing. */
export function parseSpoolRecord(text: string): SpoolRecord {
  const [, startedAt, host] = /^start \d+ (\S+) (.*)$/m.exec(text) ?? [];
  const [, status, endedAt] = /^end (\d+) (\S+)$/m.exec(text) ?? [];
  const times = [...text.matchAll(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/gm)].at(1);
  return {
    host: host === undefined || host === '-' ? null : host,
    isLaunched: /^launched$/m.test(text),
    isRevoked: /^revoked$/m.test(text),
    refusal: /^refused (.*)$/m.exec(text)?.[1] ?? null,
    status: status === undefined ? null : Number(status),
    cpuMs: times === undefined ? null : sumTimes(times),
    elapsedMs: msBetween(startedAt, endedAt),
  };
}

function sumTimes([, userM, userS, systemM, systemS]: readonly string[]): number | null {
  const ms = Math.round((60 * (Number(userM) + Number(systemM)) + Number(userS) + Number(systemS)) * 1000);
  return Number.isNaN(ms) ? null : ms;
}

function msBetween(from: string | undefined, to: string | undefined): number | null {
  const ms = Math.round((Number(to) - Number(from)) * 1000);
  return Number.isNaN(ms) || ms < 0 ? null : ms;
}
