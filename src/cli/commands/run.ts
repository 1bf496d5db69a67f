// `regatta run`: loads the input and runs its jobs to the end.
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { SpareLauncher } from '../../backends/index.js';
import { prepareScratch } from '../../flow/prepare.js';
import type { RawOptions } from '../../flow/options/read-options.js';
import { formatGraph } from '../../graph/export.js';
import type { JobSpec, Tool } from '../../model/job-spec.js';
import { beginRun } from '../begin-run.js';
import { checkJobs, failWithTheRest } from '../check-jobs.js';
import type { ExitCode } from '../exit-codes.js';
import { toFlowRecord } from '../flow-record-maker.js';
import { loadInput } from '../load-input.js';
import type { CliStreams } from '../main.js';
import { readRevision } from '../revision.js';
import { readRunOptions } from '../run-options.js';
import { createWarner } from '../show-problems.js';
import { openSite } from '../site/site.js';
import { listCommand } from './list.js';

/**
 * Runs INPUT.
 *
 * With `spare`, a launcher process that is coming up already, local jobs start sooner.
 *
 * @throws UserError before anything has run.
 */
export async function runCommand(
  input: string,
  given: RawOptions,
  { streams, spare }: { readonly streams: CliStreams; readonly spare: SpareLauncher | null },
): Promise<ExitCode> {
  const { site, raw } = await openSite(given, process.cwd());
  const options = readRunOptions(raw, process.env, site);
  if (options.list !== null) return listCommand([input, ...options.list], raw, streams);
  // Asked beside the reading of the input, which takes longer.
  const revision = options.dryRun ? null : readRevision(input === '-' ? process.cwd() : dirname(input));
  // Kept, so that the same seeds can be had again, with waves for one.
  const entropy = randomBytes(16).toString('hex');
  const { source, warnings, scratchRoot, flow } = await loadInput(input, options.flow, {
    entropy,
  }).catch((error: unknown) => failWithTheRest(error, options));
  const warn = createWarner(options.logLevel, streams);
  warnings.forEach(warn);
  const checked = checkJobs(source, options, { scratchRoot, warn });
  if (options.dryRun) {
    for (const piece of formatGraph(checked.graph, 'text')) streams.stdout.write(piece);
  }
  const run = {
    ...{ input, source, checked, options, raw, scratchRoot, spare },
    entropy: flow === null ? null : entropy,
    flow: flow === null ? null : toFlowRecord(flow),
    facts: { git: await revision, tools: listTools(source.jobs) },
    prepare: async () => (flow === null ? undefined : prepareScratch(flow.prepare)),
  };
  return beginRun(run, streams);
}

/** Each tool that jobs name, once. */
function listTools(jobs: readonly JobSpec[]): Tool[] {
  const tools = new Map<string, Tool>();
  for (const { tool } of jobs) if (tool !== null) tools.set(`${tool.name} ${tool.version}`, tool);
  return [...tools.values()];
}
