// Tells what work a call is, whatever else the machine does meanwhile.

/**
 * Processor time of this process during a call, in milliseconds. For bounds that only a worse order of growth breaks, by minutes: the wall
 * says nothing on a machine that others use.
 */
export function cpuMsOf(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
