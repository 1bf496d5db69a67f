// Percentages of counts. Pure.

/** Two digits, rounded down, so that 100 means all; null when there is nothing to count, or the counts cannot be. */
export function toPercent(part: number, whole: number): number | null {
  return whole > 0 && part >= 0 && part <= whole ? Math.floor((part * 10_000) / whole) / 100 : null;
}

/** `96.20 %`; `--` where there is none. */
export function formatPercent(percent: number | null): string {
  return percent === null ? '--' : `${percent.toFixed(2)} %`;
}
