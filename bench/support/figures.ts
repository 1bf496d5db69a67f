// What benchmarks share to say a figure: medians, and on what machine, under what load. Knows no benchmark.
import { availableParallelism, cpus, loadavg } from 'node:os';

/** The middle value; of an even number of them, the upper one of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** One line: processors, Node, and the load of the last minute, without which no figure can be judged. */
export function describeMachine(): string {
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  return `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${load}`;
}

/** Writes a line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
