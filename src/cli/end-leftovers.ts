// Ends what a run whose process is dead has left with its backends. Runs nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sweepRun } from '../backends/local/index.js';
import { RealClock } from '../driver/real-clock.js';
import { Journal } from '../journal/index.js';
import type { BackendSink, EndReport, Submission } from '../model/backend.js';
import type { StopCause } from '../model/reason.js';
import type { Recovery } from '../model/recovery.js';
import { messageOf } from '../util/message-of.js';
import { LOCAL } from './backend-names.js';
import { composeBackends } from './compose.js';
import type { ReachableRun } from './reachable-run.js';

/**
 * Has each backend take over what is on record as being with it, and end it.
 *
 * @param session - Number of this process among those that have driven the run.
 * @returns What could not be ended, a line each; empty as a rule.
 */
export async function endLeftovers(run: ReachableRun, session: number): Promise<readonly string[]> {
  const { record, checked, options } = run;
  const { directory, origin, state, source } = record;
  const { inFlight } = state.recover();
  const left: string[] = [];
  const warnings: string[] = [];
  await noteKill(run, inFlight, (message) => warnings.push(message));
  const backends = composeBackends(checked, options, {
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
    // It may have left what no record knows of.
    const mayHold = backend.name === LOCAL || existsSync(join(directory.batch, backend.name));
    if (batch.length === 0 && !mayHold) continue;
    const sink: BackendSink = {
      started: () => undefined,
      ended: (reports: readonly EndReport[]) => {
        // A local job's names what outlived it at its end, and may be gone by now: what is left of those is looked for below.
        if (backend.name === LOCAL) return;
        for (const { leftovers = [] } of reports) left.push(...leftovers);
      },
    };
    await backend.open(sink);
    await backend.adopt(batch);
    await backend.close();
  }
  for (const { job } of inFlight) {
    const spec = source.jobs[job];
    const name = spec === undefined ? '' : checked.backendOf(spec);
    if (spec === undefined || checked.backendNames.includes(name)) continue;
    left.push(`${spec.fullName}, which is with backend ${name}`);
  }
  // Also what no record knows of: it carries the run's token all the same.
  left.push(...(await sweepRun(origin.run_id)));
  return [...left, ...warnings];
}

/** Who stops a run that nobody drives. */
const KILLER: StopCause = { kind: 'user', by: 'regatta kill' };

/**
 * Has the record say that what is with a backend is ended because the run is: otherwise whoever resumes it would take the
 * deaths of those jobs for ends of their own.
 */
async function noteKill(
  { record, options }: ReachableRun,
  inFlight: Recovery['inFlight'],
  warn: (message: string) => void,
): Promise<void> {
  const { directory, end, state } = record;
  // Of the others the record says already why they are to end.
  const jobs = inFlight.filter(({ kill }) => kill === null).map(({ job }) => job);
  if (jobs.length === 0) return;
  const by = state.stop ?? KILLER;
  const atMs = Date.now();
  try {
    const { journal: path } = directory;
    const journal = Journal.reopen({ path, durability: options.durability, onFailure: warn }, end.validBytes);
    if (state.stop === null) journal.notify({ kind: 'stop-asked', atMs, mode: 'kill', by });
    journal.notify({ kind: 'kill-sent', atMs, jobs, reason: { kind: 'stopped', by }, force: true });
    await journal.close();
  } catch (error) {
    // They are ended all the same.
    warn(`cannot write the journal ${directory.journal}: ${messageOf(error)}`);
  }
}
