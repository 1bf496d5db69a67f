// Finds the simulated time that a simulator reports at the end of its log. Pure; knows no files.

const UNIT_US: Readonly<Record<string, number>> = {
  fs: 1e-9,
  ps: 1e-6,
  ns: 1e-3,
  us: 1,
  ms: 1e3,
  s: 1e6,
  sec: 1e6,
};

const TIME = String.raw`(\d+(?:\.\d*)?)\s*(fs|ps|ns|us|ms|sec|s)\b`;

/**
 * What each family of tools prints, one line: a number, then a unit; Icarus adds a factor, as in `(10ps)`.
 * Known from logs that the tools' users have published. Icarus 11 and Verilator 5.006 print none of it yet; later ones do.
 */
const REPORTS = {
  vcs: new RegExp(String.raw`^Time:\s*${TIME}\s*$`, 'i'),
  xcelium: new RegExp(String.raw`^Simulation (?:complete|interrupted|stopped)\b.* at time ${TIME}`, 'i'),
  questa: new RegExp(String.raw`^#?\s*Time: ${TIME}\s+Iteration: \d+`, 'i'),
  icarus: /\$(?:finish|stop) called at (\d+) \((\d+)(fs|ps|ns|us|ms|s)\)/,
  verilator: new RegExp(String.raw`^- Verilator: \S+ at ${TIME};`, 'i'),
};

const FAMILIES: ReadonlyMap<string, RegExp> = new Map([
  ['vcs', REPORTS.vcs],
  ['xcelium', REPORTS.xcelium],
  ['xrun', REPORTS.xcelium],
  ['questa', REPORTS.questa],
  ['questasim', REPORTS.questa],
  ['modelsim', REPORTS.questa],
  ['vsim', REPORTS.questa],
  ['icarus', REPORTS.icarus],
  ['iverilog', REPORTS.icarus],
  ['verilator', REPORTS.verilator],
]);

/** A line any testbench may print, whatever its simulator. */
const OWN_LINE = new RegExp(String.raw`^simulated time: ${TIME}`, 'i');

/** Whether logs of the tool are known to tell the simulated time. */
export function reportsSimulatedTime(tool: string): boolean {
  return FAMILIES.has(tool.toLowerCase());
}

/** The last report among the lines, in microseconds; null when there is none, or the tool is not known. */
export function findSimulatedTime(tool: string, lines: readonly string[]): number | null {
  const report = FAMILIES.get(tool.toLowerCase());
  if (report === undefined) return null;
  for (const line of lines.toReversed()) {
    const match = report.exec(line) ?? OWN_LINE.exec(line);
    if (match === null) continue;
    const [, amount, second, third] = match;
    const factor = third === undefined ? 1 : Number(second);
    const unitUs = UNIT_US[(third ?? second ?? '').toLowerCase()] ?? 0;
    // Thirteen digits hide what multiplying by 0.001 adds; simulators count whole time steps.
    return Number((Number(amount) * factor * unitUs).toPrecision(13));
  }
  return null;
}
