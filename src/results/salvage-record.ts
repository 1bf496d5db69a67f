// Takes out of a results.json that breaks off what came before the break. Knows how it is laid out in lines, not what the lines mean.

/**
 * The run, and every job that stands in a line of its own and is whole, as unchecked JSON; without buckets, for those
 * may lack members. Undefined when not even the run's own line is there.
 */
export function salvageRecord(text: string): Record<string, unknown> | undefined {
  const [head = '', ...lines] = text.split('\n');
  const run = parseLine(head.endsWith(',') ? `${head.slice(0, -1)}}` : head);
  if (typeof run !== 'object' || run === null || Array.isArray(run)) return undefined;
  const end = lines.findIndex((line) => line.startsWith(']'));
  const jobs = lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.startsWith('{'))
    .map((line) => parseLine(line.replace(/,$/, '')))
    .filter((job) => job !== undefined);
  return { ...run, jobs };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // The line in which the record breaks off.
    return undefined;
  }
}
