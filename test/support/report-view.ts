// Makes views of runs for tests of reports: of given jobs, or of anything a record may hold.
import fc from 'fast-check';
import type { ReportView } from '../../src/reports/report-view.js';
import type { RunFacts } from '../../src/results/run-facts.js';
import type { JobResult, ReasonResult, Results } from '../../src/results/schema.js';
import { makeJobResult, makeResults } from './job-result.js';

/** A view of these jobs with nothing special; failed jobs are run again by `again NAME`. */
export function makeView(jobs: readonly JobResult[], fields: Partial<ReportView> = {}): ReportView {
  return viewOf(makeResults(jobs), fields);
}

/** A view of these results. */
export function viewOf(results: Results, fields: Partial<ReportView> = {}): ReportView {
  return {
    results,
    facts: null,
    triage: null,
    metrics: null,
    notices: [],
    reproduce: (job) => `again ${job.full_name}`,
    hasLog: () => true,
    ...fields,
  };
}

/** How a run was started, as far as the test says. */
export function makeFacts(fields: Partial<RunFacts>): RunFacts {
  return {
    regatta_version: null,
    node_version: null,
    host: null,
    cwd: null,
    command: null,
    input: null,
    scratch_root: null,
    max_parallel: null,
    resources: null,
    default_backend: null,
    git: null,
    tools: null,
    ...fields,
  };
}

/** Text that means something to HTML, Markdown, CSV, XML, a terminal or a spreadsheet, and any other text. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</script><img src=x onerror=alert(1)>',
    '<!--',
    ']]>',
    '`code` ``` | **bold**',
    '[link](javascript:alert(1))',
    '=HYPERLINK("http://x")',
    'a,"b"\r\nc',
    '\u001b[2J',
    '\u2028\u0000\ud800',
    '__proto__',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

const START_MS = Date.UTC(2026, 10, 24, 8);
const kinds: ReasonResult['kind'][] = [
  'exit-code',
  'fail-pattern',
  'timeout',
  'dependency',
  'stopped',
  'lost',
];

const reason: fc.Arbitrary<ReasonResult> = fc.record(
  {
    kind: fc.constantFrom(...kinds),
    message: hostileText,
    line: fc.integer({ min: 1, max: 1_000_000 }),
    context: fc.array(hostileText, { maxLength: 4 }),
  },
  { requiredKeys: ['kind', 'message'] },
);

const milliseconds = fc.integer({ min: 0, max: 100_000_000 });
const someSeconds = fc.option(milliseconds.map((ms) => ms / 1000));
const toIso = (ms: number): string => new Date(START_MS + ms).toISOString();

/** The results of any run whose jobs have ended, as the collector would word them. */
export const anyResults: fc.Arbitrary<Results> = fc
  .array(
    fc.record({
      name: hostileText,
      target: fc.constantFrom('build', 'run', '<b>'),
      block: fc.option(fc.constantFrom('uart', 'spi/x', 'a|b', '"c"')),
      backend: fc.constantFrom('local', 'slurm'),
      seed: fc.option(fc.maxSafeNat()),
      status: fc.constantFrom('passed', 'failed', 'killed'),
      reason,
      attempts: fc.integer({ min: 0, max: 5 }),
      exit: fc.option(fc.integer({ min: 0, max: 255 })),
      queued_s: someSeconds,
      job_runtime_s: someSeconds,
      simulated_time_us: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true, noDefaultInfinity: true })),
      start: fc.option(milliseconds),
      end: milliseconds,
      usage: fc.option(
        fc.record({ cpu_s: milliseconds.map((ms) => ms / 1000), max_rss_kib: fc.maxSafeNat() }),
      ),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    makeResults(
      drawn.map(({ name, exit, start, end, usage, ...fields }, index) =>
        makeJobResult(`${index}.${name}`, {
          ...fields,
          reason: fields.status === 'passed' ? null : fields.reason,
          exit_code: exit,
          started_at: start === null ? null : toIso(start),
          ended_at: toIso(end),
          ...(usage ?? {}),
        }),
      ),
    ),
  );
