// Makes a description that somebody else wrote safe to call: whatever its functions do, the caller gets an answer of the right shape,
// or an error that names the function. Knows no engine, and not what follows from a fault.
import { messageOf } from '../../util/message-of.js';
import type { BatchEngine, EngineOption } from './engine.js';
import { ENGINE_SHAPES, findFlaw } from './engine-shapes.js';

/**
 * The same engine. Of a function that throws, gives a promise, or something else than its contract says:
 *
 * - `readProbe` then answers `unavailable`, `readSubmit` `unclear`, and the check of an option that the value cannot be checked;
 * - every other one throws an Error with the function's name, at once. The callers see to what becomes of the jobs.
 */
export function guardEngine(engine: BatchEngine): BatchEngine {
  const { name, title, programs, options, taskVariable, ownVariables, probe, history, askToEnd } = engine;
  const { withheldVariables, ownArguments, forgetsCancelled } = engine;
  const call = <T>(member: keyof typeof ENGINE_SHAPES, run: () => T): T =>
    callChecked(`${member} of engine ${name}`, { run, shape: ENGINE_SHAPES[member] });
  return {
    ...{ name, title, programs, taskVariable, ownVariables, probe },
    ...(withheldVariables !== undefined && { withheldVariables }),
    ...(ownArguments !== undefined && { ownArguments }),
    ...(forgetsCancelled !== undefined && { forgetsCancelled }),
    options: Object.fromEntries(
      Object.entries(options).map(([option, value]) => [option, guardOption(value, call)]),
    ),
    readProbe: (answer) =>
      attempt(
        () => call('readProbe', () => engine.readProbe(answer)),
        (message) => ({ kind: 'unavailable', message }),
      ),
    submit: (request) => call('submit', () => engine.submit(request)),
    readSubmit: (answer) =>
      attempt(
        () => call('readSubmit', () => engine.readSubmit(answer)),
        (message) => ({ kind: 'unclear', message }),
      ),
    query: (scope) => call('query', () => engine.query(scope)),
    readQuery: (answer, scope) => call('readQuery', () => engine.readQuery(answer, scope)),
    history:
      history === null
        ? null
        : {
            ...(history.completeAfterMs !== undefined && { completeAfterMs: history.completeAfterMs }),
            command: (targets, scope) => call('history.command', () => history.command(targets, scope)),
            read: (answer, scope) => call('history.read', () => history.read(answer, scope)),
          },
    askToEnd: askToEnd === null ? null : (targets) => call('askToEnd', () => askToEnd.call(engine, targets)),
    cancel: (targets) => call('cancel', () => engine.cancel(targets)),
  };
}

type Call = <T>(member: keyof typeof ENGINE_SHAPES, run: () => T) => T;

function guardOption(option: EngineOption, call: Call): EngineOption {
  const { help, check } = option;
  if (check === undefined) return { help };
  return {
    help,
    check: (value) =>
      attempt(
        () => call('check', () => check.call(option, value)),
        (message) => `cannot be checked (${message})`,
      ),
  };
}

/** A call, and the shape of what it must give. */
interface CheckedCall<T> {
  readonly run: () => T;
  readonly shape: Parameters<typeof findFlaw>[0];
}

function callChecked<T>(words: string, { run, shape }: CheckedCall<T>): T {
  let answer: T;
  let flaw: string | null;
  try {
    answer = run();
    flaw = answer instanceof Promise ? 'a promise, and it must answer at once' : findFlaw(shape, answer);
  } catch (error) {
    throw new Error(`${words} failed: ${messageOf(error)}`, { cause: error });
  }
  if (flaw === null) return answer;
  // Nobody waits for it, so nobody else would hear of its failure; it has been called a fault already.
  if (answer instanceof Promise) answer.catch(() => undefined);
  throw new Error(`${words} gave no valid answer: ${flaw}`);
}

function attempt<T>(run: () => T, otherwise: (message: string) => T): T {
  try {
    return run();
  } catch (error) {
    return otherwise(messageOf(error));
  }
}
