// Makes an engine's description of somebody else's total: what its functions throw becomes the answer they should have given.
import { messageOf } from '../../util/message-of.js';
import type { BatchEngine, QueryReply } from './engine.js';

/** The same engine, whose reading functions never throw. What it says of itself then names the function. */
export function guardEngine(engine: BatchEngine): BatchEngine {
  const { history } = engine;
  const words = (name: string, error: unknown): string =>
    `${name} of engine ${engine.name} failed: ${messageOf(error)}`;
  const unavailable = (name: string, error: unknown): Extract<QueryReply, { kind: 'unavailable' }> => ({
    kind: 'unavailable',
    message: words(name, error),
  });
  return {
    ...engine,
    readProbe: (answer) =>
      attempt(
        () => engine.readProbe(answer),
        (error) => unavailable('readProbe', error),
      ),
    readSubmit: (answer) =>
      attempt(
        () => engine.readSubmit(answer),
        (error) => ({ kind: 'unclear', message: words('readSubmit', error) }),
      ),
    readQuery: (answer, scope) =>
      attempt(
        () => engine.readQuery(answer, scope),
        (error) => unavailable('readQuery', error),
      ),
    history:
      history === null
        ? null
        : {
            command: (targets, scope) =>
              attempt(
                () => history.command(targets, scope),
                () => [],
              ),
            read: (answer, scope) =>
              attempt(
                () => history.read(answer, scope),
                (error) => unavailable('history.read', error),
              ),
          },
  };
}

function attempt<T>(run: () => T, otherwise: (error: unknown) => T): T {
  try {
    return run();
  } catch (error) {
    return otherwise(error);
  }
}
