// Sends a run to an OpenTelemetry collector: one trace a run, a span a job. Made from the results; knows no scheduler.
import { context, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { JobResult, ResultsView } from '../results/index.js';
import { messageOf } from '../util/message-of.js';
import { callCollector, withinTime } from './collector-link.js';

/** Spans of one request. */
const BATCH = 500;

/** What the exporter calls success (`ExportResultCode.SUCCESS`). */
const SUCCESS = 0;

/** How long all requests together may take: a collector that is slow with each must not hold up the end of a run for long. */
const WHOLE_MS = 60_000;

/** Where spans go. */
export interface SpanTarget {
  /** Of the collector's traces, by HTTP or HTTPS. */
  readonly url: URL;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** Version of Regatta. */
  readonly version: string;
}

/**
 * Sends the spans of an ended run, batch by batch; gives up at the first batch that cannot be sent.
 * @returns null when all were sent; otherwise what went wrong, in one line. Never rejects.
 */
export async function sendSpans(results: ResultsView, target: SpanTarget): Promise<string | null> {
  const trouble = await callCollector(target.url);
  if (trouble !== null) return wordTrouble(trouble);
  const { href: url } = target.url;
  const timeoutMs = Math.min(target.timeoutMs, WHOLE_MS);
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: timeoutMs });
  const outbox = new Outbox(exporter, timeoutMs);
  const provider = new TracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say more, or something else.
    resource: resourceFromAttributes({
      'service.name': 'regatta',
      'service.version': target.version,
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [outbox],
  });
  try {
    await recordRun(results, provider.getTracer('regatta', target.version), outbox);
    await exporter.shutdown();
    return null;
  } catch (error) {
    // Not shut down: that would wait for what has been given up.
    return wordTrouble(messageOf(error));
  }
}

function wordTrouble(what: string): string {
  return `the spans of the run were not sent: ${what}`;
}

async function recordRun(results: ResultsView, tracer: Tracer, outbox: Outbox): Promise<void> {
  const { run_id: runId, started_at: startedAt, ended_at: endedAt, exit_code: exitCode, counts } = results;
  const root = tracer.startSpan('regatta run', {
    root: true,
    startTime: new Date(startedAt),
    attributes: {
      'regatta.run_id': runId,
      'regatta.exit_code': exitCode ?? -1,
      'regatta.jobs.passed': counts.passed,
      'regatta.jobs.failed': counts.failed,
      'regatta.jobs.killed': counts.killed,
    },
  });
  for (const job of results.jobs) {
    if (job.started_at === null) continue;
    recordJob(job, new Date(job.started_at), { tracer, root });
    if (outbox.size >= BATCH) await outbox.send();
  }
  if (counts.failed + counts.killed > 0) root.setStatus({ code: SpanStatusCode.ERROR });
  root.end(endedAt === null ? new Date() : new Date(endedAt));
  await outbox.send();
}

function recordJob(
  job: JobResult,
  startTime: Date,
  run: { readonly tracer: Tracer; readonly root: Span },
): void {
  const span = run.tracer.startSpan(
    job.full_name,
    { startTime, attributes: describeJob(job) },
    trace.setSpan(context.active(), run.root),
  );
  if (job.status !== 'passed')
    span.setStatus({ code: SpanStatusCode.ERROR, message: job.reason?.message ?? '' });
  span.end(new Date(job.ended_at));
}

function describeJob(job: JobResult): Record<string, string | number> {
  const known: Record<string, string | number | null | undefined> = {
    'regatta.job.target': job.target,
    'regatta.job.test': job.name,
    'regatta.job.block': job.block,
    'regatta.job.tool': job.tool,
    'regatta.job.backend': job.backend,
    'regatta.job.seed': job.seed,
    'regatta.job.status': job.status,
    'regatta.job.reason': job.reason?.kind,
    'regatta.job.attempts': job.attempts,
    'regatta.job.queued_s': job.queued_s,
    'regatta.job.cpu_s': job.cpu_s,
    'regatta.job.max_rss_kib': job.max_rss_kib,
    'regatta.job.log_path': job.log_path,
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, value]],
    ),
  );
}

/** Holds ended spans until they are sent; the library's own batching drops what comes too fast. */
class Outbox implements SpanProcessor {
  readonly #exporter: OTLPTraceExporter;
  readonly #timeoutMs: number;
  readonly #endMs = performance.now() + WHOLE_MS;
  #spans: ReadableSpan[] = [];

  /** @param timeoutMs - How long one request may take. */
  constructor(exporter: OTLPTraceExporter, timeoutMs: number) {
    this.#exporter = exporter;
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#spans.length;
  }

  onStart(): void {
    // Spans are looked at when they have ended.
  }

  onEnd(span: ReadableSpan): void {
    this.#spans.push(span);
  }

  /** @throws what the exporter says, or that time is up. */
  async send(): Promise<void> {
    const spans = this.#spans;
    this.#spans = [];
    const leftMs = this.#endMs - performance.now();
    if (leftMs <= 0) throw new Error(`it would take longer than ${WHOLE_MS / 1000} s`);
    await withinTime(Math.min(this.#timeoutMs, leftMs), () => this.#export(spans));
  }

  async #export(spans: ReadableSpan[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#exporter.export(spans, ({ code, error }) => {
        if (Number(code) === SUCCESS) resolve();
        else reject(error ?? new Error('the collector refused them'));
      });
    });
  }

  async forceFlush(): Promise<void> {
    await this.send();
  }

  async shutdown(): Promise<void> {
    await this.send();
  }
}
