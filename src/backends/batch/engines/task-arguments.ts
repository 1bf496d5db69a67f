// Arguments that name tasks of arrays, for engines that want a range of tasks in each. Knows no engine's words.
import type { EngineCommand, TaskTarget } from '../engine.js';
import { formatTaskRanges } from '../task-ranges.js';

/** Most arguments of one command; an engine takes each as a request of its own, or nearly so. */
const ARGUMENTS_AT_ONCE = 100;

/** Targets as arguments: a whole array as its id, tasks as one argument for each range of them, by `word`. */
export function nameTargets(
  targets: readonly TaskTarget[],
  word: (id: string, range: string) => string,
): readonly string[] {
  return targets.flatMap(({ id, tasks }) =>
    tasks === null
      ? [id]
      : formatTaskRanges(tasks)
          .split(',')
          .map((range) => word(id, range)),
  );
}

/** A command for each hundred arguments; `options` come before them in each. */
export function spreadArguments(
  program: string,
  options: readonly string[],
  named: readonly string[],
): readonly EngineCommand[] {
  const commands: EngineCommand[] = [];
  for (let at = 0; at < named.length; at += ARGUMENTS_AT_ONCE) {
    commands.push({ program, args: [...options, ...named.slice(at, at + ARGUMENTS_AT_ONCE)] });
  }
  return commands;
}
