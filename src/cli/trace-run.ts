// Decides whether an ended run is sent to an OpenTelemetry collector, and has it sent. Knows no span.
import type { Problem } from '../model/problem.js';
import type { ResultsView } from '../results/schema.js';
import { readVersion } from './version.js';

/** Variables that name a collector, as OpenTelemetry has them. */
const VARIABLES = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

/**
 * Sends the run's spans where the user wants them; a collector that cannot be reached is a warning.
 * @param endpoint - Base URL given by option; null: as the environment says, or nowhere.
 */
export async function traceRun(
  results: ResultsView,
  endpoint: string | null,
  warn: (problem: Problem) => void,
): Promise<void> {
  const isConfigured = endpoint !== null || VARIABLES.some((name) => (process.env[name] ?? '') !== '');
  if (!isConfigured) return;
  // Few have a collector, so its library is loaded only for them.
  const { sendSpans } = await import('../reports/spans.js');
  const message = await sendSpans(results, { endpoint, version: readVersion() });
  if (message !== null) warn({ code: 'spans', message });
}
