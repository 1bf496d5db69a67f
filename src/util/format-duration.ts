// Writes a length of time the way people read it. Knows no clock.

/**
 * The two largest units of a duration: `0s`, `59s`, `1m05s`, `2h03m`, `4d01h`. Rounded down; negative counts as 0.
 *
 * @param durationMs - Milliseconds, finite.
 */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${pad(hours % 24)}h`;
}

function pad(count: number): string {
  return String(count).padStart(2, '0');
}
