// `regatta graph`: checks the input and shows its jobs; runs nothing and writes nothing.
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { formatGraph } from '../../graph/export.js';
import type { JobSpec } from '../../model/job-spec.js';
import { checkJobs, failWithTheRest } from '../check-jobs.js';
import { ExitCode } from '../exit-codes.js';
import { loadInput } from '../load-input.js';
import type { CliStreams } from '../main.js';
import { GRAPH_COMMAND_OPTIONS, type GRAPH_FORMATS } from '../option-tables.js';
import { readRunOptions } from '../run-options.js';
import { createWarner } from '../show-problems.js';
import { openSite } from '../site/site.js';

/**
 * Shows the graph of INPUT.
 * @throws UserError with everything that would keep it from running.
 */
export async function graphCommand(input: string, given: RawOptions, streams: CliStreams): Promise<ExitCode> {
  const { site, raw } = await openSite(given, process.cwd());
  const options = readRunOptions(raw, process.env, site);
  const { format = 'text' } = readOptions(GRAPH_COMMAND_OPTIONS, raw) as {
    readonly format?: (typeof GRAPH_FORMATS)[number];
  };
  const loaded = await loadInput(input, options.flow, { entropy: 'graph' }).catch((error: unknown) =>
    failWithTheRest(error, options),
  );
  const warn = createWarner(options.logLevel, streams);
  loaded.warnings.forEach(warn);
  const { graph } = checkJobs(loaded.source, options, { scratchRoot: loaded.scratchRoot, warn });
  const pieces = format === 'json' ? await formatJobList(graph.jobs) : formatGraph(graph, format);
  for (const piece of pieces) streams.stdout.write(piece);
  return ExitCode.OK;
}

/** The jobs as a job list that `regatta run` takes, one a line. */
async function formatJobList(jobs: readonly JobSpec[]): Promise<Iterable<string>> {
  const { toWire } = await import('../../joblist/index.js');
  return (function* () {
    yield '{"jobs": [';
    for (const [i, spec] of jobs.entries()) yield `${i === 0 ? '' : ','}\n${JSON.stringify(toWire(spec))}`;
    yield '\n]}\n';
  })();
}
