// Writes what is in use of each limited thing. Pure.
import type { UsageSnapshot } from './snapshot.js';

/** `slots 16/16  vcs 3/12  local 4`. */
export function formatUsage(usage: readonly UsageSnapshot[]): string {
  return usage
    .map(({ name, used, limit }) => `${name} ${used}${limit === null ? '' : `/${limit}`}`)
    .join('  ');
}
