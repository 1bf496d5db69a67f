// Lists of task numbers as engines write them: `1-3,7`, `1-9:2`, `5-2000%16`. Knows no engine.

/** Most tasks a list may name; a longer one is garbage. */
const MAX_TASKS = 10_000_000;

/** Sorted numbers as ranges: `1-3,7`. */
export function formatTaskRanges(tasks: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < tasks.length;) {
    const first = tasks[at] ?? 0;
    let last = first;
    for (at++; tasks[at] === last + 1; at++) last++;
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(',');
}

/** The numbers of a list; a `%limit` at its end counts for nothing. Null: it is no list. */
export function parseTaskRanges(text: string): readonly number[] | null {
  const tasks: number[] = [];
  for (const part of text.replace(/%\d+$/, '').split(',')) {
    const [, first, last = first, step = '1'] = /^(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?$/.exec(part) ?? [];
    if (first === undefined || Number(step) === 0) return null;
    if ((Number(last) - Number(first)) / Number(step) + tasks.length > MAX_TASKS) return null;
    for (let task = Number(first); task <= Number(last); task += Number(step)) tasks.push(task);
  }
  return tasks;
}
