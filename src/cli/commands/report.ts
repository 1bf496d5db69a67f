// `regatta report`: makes a report of a run from its record, as often as wanted.
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { UserError } from '../../model/problem.js';
import { wantsColor } from '../../observers/status/status-stream.js';
import { formatCsv } from '../../reports/csv.js';
import { formatHtml } from '../../reports/html.js';
import { formatJunit } from '../../reports/junit.js';
import { formatMarkdown } from '../../reports/markdown.js';
import type { ReportView } from '../../reports/report-view.js';
import { formatText } from '../../reports/text.js';
import { formatResultsJson } from '../../results/results-json.js';
import { writeFileWhole } from '../../results/write-file.js';
import { unreachable } from '../../util/unreachable.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import type { CliStreams } from '../main.js';
import { openFile } from '../open-file.js';
import { REPORT_COMMAND_OPTIONS, type REPORT_FORMATS } from '../option-tables.js';
import { readPageTemplate } from '../page-template.js';
import { readLookup } from '../read-lookup.js';
import { readRun } from '../read-run.js';
import { isOfRecord, nameFiles } from '../run-directory.js';
import { createWarner } from '../show-problems.js';

type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Name that stands for standard output. */
const STDOUT = '-';

/**
 * Reports a run.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError when there is no such run, or it has left nothing to report.
 */
export async function reportCommand(
  named: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const options = readReportOptions(raw);
  const directory = findRun(named, options.scratchRoot);
  const files = nameFiles(directory);
  const byDefault = options.format === 'html' ? files.report : STDOUT;
  const output = options.output ?? byDefault;
  if (output !== STDOUT && isOfRecord(files, output)) {
    throw new UserError({
      code: 'unwritable-report',
      message: `cannot write the report to ${output}: it is part of the record that reports of the run are made from`,
      hint: 'name another file with --output',
    });
  }
  const view = await readRun(directory);
  const warn = createWarner('info', streams);
  for (const message of view.notices) warn({ code: 'damaged-record', message });
  const text = await formatReport(view, options.format, {
    colors: pc.createColors(output === STDOUT && wantsColor(process.stdout, process.env)),
    folder: output === STDOUT ? process.cwd() : dirname(resolve(output)),
  });
  if (output === STDOUT) {
    for (const piece of text) streams.stdout.write(piece);
    return ExitCode.OK;
  }
  const path = resolve(output);
  const failure = await writeFileWhole(path, text);
  if (failure !== undefined) throw new UserError({ code: 'unwritable-report', message: failure.message });
  // A pipe's reader has the report already, and /dev/stdout would hold both.
  if (statSync(path).isFile()) streams.stdout.write(`${path}\n`);
  const message = options.open ? await openFile(path) : undefined;
  if (message !== undefined) warn({ code: 'cannot-show', message });
  return ExitCode.OK;
}

interface ReportOptions {
  readonly scratchRoot: string;
  readonly format: ReportFormat;
  /** Null: where a report of its format goes by default. */
  readonly output: string | null;
  readonly open: boolean;
}

function readReportOptions(raw: RawOptions): ReportOptions {
  const given = readOptions(REPORT_COMMAND_OPTIONS, raw);
  const format = (given.format as ReportFormat | undefined) ?? 'html';
  const output = (given.output as string | undefined) ?? null;
  const open = given.open === true;
  if (open && (output ?? (format === 'html' ? '' : STDOUT)) === STDOUT) {
    throw new UserError({
      code: 'bad-usage',
      message: '--open needs a file to show',
      hint: 'add --output FILE',
    });
  }
  return {
    scratchRoot: readLookup(raw).scratchRoot,
    format,
    output,
    open,
  };
}

/** The sections of a flow run as further fields of results.json. */
function listSections({ flow }: ReportView): Record<string, Iterable<object>> {
  if (flow === undefined) return {};
  return { testplans: flow.testplans, coverage: flow.coverage, one_shot: flow.oneShot };
}

interface Surroundings {
  readonly colors: Colors;
  /** Where the report will lie. */
  readonly folder: string;
}

async function formatReport(
  view: ReportView,
  format: ReportFormat,
  { colors, folder }: Surroundings,
): Promise<Iterable<string>> {
  switch (format) {
    case 'html':
      return formatHtml(view, { template: readPageTemplate(), folder });
    case 'md':
      return formatMarkdown(view);
    case 'text':
      return formatText(view, colors);
    case 'json':
      return formatResultsJson(view.results, listSections(view));
    case 'junit':
      return formatJunit(view.results);
    case 'csv':
      return formatCsv(view);
    case 'prometheus': {
      // Few ask for it, so its library is loaded only then.
      const { formatPrometheus } = await import('../../reports/prometheus.js');
      return [await formatPrometheus(view.results, view.metrics)];
    }
    default:
      return unreachable(format);
  }
}
