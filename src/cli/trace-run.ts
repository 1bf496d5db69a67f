// Decides whether, where, and for how long an ended run is sent to an OpenTelemetry collector, and has it sent. Knows no span.
import type { Problem } from '../model/problem.js';
import type { ResultsView } from '../results/schema.js';
import { readVersion } from './version.js';

/** Path that OTLP over HTTP has for traces. */
const TRACES_PATH = '/v1/traces';

/** As OpenTelemetry has it, where no variable says otherwise. */
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Sends the run's spans where the user wants them; a collector that cannot be reached is a warning.
 * @param endpoint - Base URL given by option; null: as the environment says, or nowhere.
 */
export async function traceRun(
  results: ResultsView,
  endpoint: string | null,
  warn: (problem: Problem) => void,
): Promise<void> {
  const target = findTarget(endpoint);
  if (target === null) return;
  const url = URL.canParse(target.address) ? new URL(target.address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const message = `the spans of the run were not sent: ${target.named} is no URL`;
    warn({ code: 'spans', message, hint: 'such as http://localhost:4318' });
    return;
  }
  // Few have a collector, so its library is loaded only for them.
  const { sendSpans } = await import('../reports/spans.js');
  const message = await sendSpans(results, { url, timeoutMs: readTimeoutMs(), version: readVersion() });
  if (message !== null) warn({ code: 'spans', message });
}

/** The address for traces, and what has named it; null when nothing has. */
function findTarget(endpoint: string | null): { readonly address: string; readonly named: string } | null {
  if (endpoint !== null) return { address: addPath(endpoint), named: '--otlp-endpoint' };
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own = '', OTEL_EXPORTER_OTLP_ENDPOINT: base = '' } =
    process.env;
  const say = (name: string, text: string): string => `${name} (${JSON.stringify(text)})`;
  if (own !== '') return { address: own, named: say('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', own) };
  return base === '' ? null : { address: addPath(base), named: say('OTEL_EXPORTER_OTLP_ENDPOINT', base) };
}

/** What has the path already is taken as it is: that is what it can have been meant as only. */
function addPath(base: string): string {
  const bare = base.replace(/\/*$/, '');
  return bare.endsWith(TRACES_PATH) ? bare : bare + TRACES_PATH;
}

function readTimeoutMs(): number {
  const { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: forTraces = '', OTEL_EXPORTER_OTLP_TIMEOUT: general = '' } =
    process.env;
  const given = [forTraces, general].map(Number).find((ms) => ms > 0 && Number.isFinite(ms));
  return given ?? DEFAULT_TIMEOUT_MS;
}
