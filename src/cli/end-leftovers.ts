// Ends what a run whose process is dead has left with its backends. Runs nothing.
import { sweepRun } from '../backends/local/index.js';
import { RealClock } from '../driver/real-clock.js';
import type { BackendSink, EndReport, Submission } from '../model/backend.js';
import { LOCAL } from './check-jobs.js';
import { composeBackends } from './compose.js';
import type { PastRun } from './past-run.js';

/**
 * Has each backend take over what is on record as being with it, and end it.
 *
 * @param session - Number of this process among those that have driven the run.
 * @returns What could not be ended, a line each; empty as a rule.
 */
export async function endLeftovers(run: PastRun, session: number): Promise<readonly string[]> {
  const { record, checked, options } = run;
  const { directory, origin, state, source } = record;
  const { inFlight } = state.recover();
  const left: string[] = [];
  const warnings: string[] = [];
  const backends = composeBackends(checked.backendNames, options, {
    runId: origin.run_id,
    clock: new RealClock(),
    kept: { directory, session },
    warn: (message) => warnings.push(message),
  });
  for (const backend of backends) {
    const batch = inFlight.flatMap(({ job, attempt }): Submission[] => {
      const spec = source.jobs[job];
      return spec !== undefined && checked.backendOf(spec) === backend.name ? [{ job, attempt, spec }] : [];
    });
    // A local one may have left what no record knows of.
    if (batch.length === 0 && backend.name !== LOCAL) continue;
    const sink: BackendSink = {
      started: () => undefined,
      ended: (reports: readonly EndReport[]) => {
        for (const { leftovers = [] } of reports) left.push(...leftovers);
      },
    };
    await backend.open(sink);
    await backend.adopt(batch);
    await backend.close();
  }
  // Also what no record knows of: it carries the run's token all the same.
  left.push(...(await sweepRun(origin.run_id)));
  return [...left, ...warnings];
}
