// Sends a run to an OpenTelemetry collector: one trace a run, a span a job. Made from the results; knows no scheduler.
import { context, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { JobResult, ResultsView } from '../results/index.js';
import { messageOf } from '../util/message-of.js';

/** Spans of one request. */
const BATCH = 500;

/** What the exporter calls success (`ExportResultCode.SUCCESS`). */
const SUCCESS = 0;

/** Path that OTLP over HTTP has for traces. */
const TRACES_PATH = '/v1/traces';

/** Where spans go. */
export interface SpanTarget {
  /** Base URL of the collector; null: as the variables `OTEL_EXPORTER_OTLP_...` say. */
  readonly endpoint: string | null;
  /** Version of Regatta. */
  readonly version: string;
}

/**
 * Sends the spans of an ended run, batch by batch; gives up at the first batch that cannot be sent.
 * @returns null when all were sent; otherwise what went wrong, in one line. Never rejects.
 */
export async function sendSpans(results: ResultsView, target: SpanTarget): Promise<string | null> {
  const exporter = new OTLPTraceExporter(
    target.endpoint === null ? {} : { url: target.endpoint.replace(/\/*$/, '') + TRACES_PATH },
  );
  const outbox = new Outbox(exporter);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'regatta', 'service.version': target.version }),
    spanProcessors: [outbox],
  });
  try {
    await recordRun(results, provider.getTracer('regatta', target.version), outbox);
    return null;
  } catch (error) {
    return `the spans of the run were not sent: ${messageOf(error)}`;
  } finally {
    await exporter.shutdown();
  }
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
  #spans: ReadableSpan[] = [];

  constructor(exporter: OTLPTraceExporter) {
    this.#exporter = exporter;
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

  /** @throws what the exporter says. */
  async send(): Promise<void> {
    const spans = this.#spans;
    this.#spans = [];
    await new Promise<void>((resolve, reject) => {
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
