// What a backend's report says of an end, in the words of results. Knows no log.
import type { EndReport } from './backend.js';
import type { EndFacts } from './outcome.js';

/** Facts of an end as its backend tells them, without what only the log knows. */
export function factsOf({ end, usage, leftovers }: EndReport): EndFacts {
  return {
    exitCode: end.kind === 'exited' ? end.exitCode : null,
    signal: end.kind === 'signalled' ? end.signal : null,
    usage: usage ?? {},
    simulatedTimeUs: null,
    leftovers: leftovers ?? [],
  };
}
