// Words tasks as targets of the engine's commands. Sends nothing.
import type { TaskTarget } from './engine.js';
import type { TaskEntry } from './task-table.js';

/**
 * Tasks by array; an array of which all that is not reported yet is among them, as a whole. One whose id is not known is not in the queue,
 * as far as we know.
 */
export function targetsOf(tasks: Iterable<TaskEntry>): readonly TaskTarget[] {
  const byArray = new Map<TaskEntry['array'], number[]>();
  for (const { array, number } of tasks) {
    if (byArray.get(array)?.push(number) === undefined) byArray.set(array, [number]);
  }
  return [...byArray].flatMap(([array, numbers]): TaskTarget[] => {
    if (array.id === null) return [];
    const isWhole = numbers.length === array.tasks.size;
    return [{ id: array.id, tasks: isWhole ? null : numbers.sort((a, b) => a - b) }];
  });
}
