// Pins what an OpenTelemetry collector gets of a run: one trace, a span a job. The collector is a real HTTP server.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { regatta, regattaAfter, writeJobs } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

let server: Server;
let endpoint: string;
let requests: { readonly url: string; readonly body: Request }[];
/** Status of the answer; null: none ever comes; `trickle`: it comes, a byte at a time, and never ends. */
let answer: number | null | 'trickle' = 200;

beforeEach(async () => {
  requests = [];
  answer = 200;
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', body: JSON.parse(text) as Request });
      if (answer === null) return;
      if (answer !== 'trickle') {
        response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => {
        clearInterval(timer);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function spansOf(): Span[] {
  return requests.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

function attribute(span: Span | undefined, key: string): unknown {
  return Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0];
}

const JOBS = [
  { full_name: 'build', target: 'build', cmd: 'true' },
  { full_name: 'good', cmd: 'true', deps: ['build'], seed: 7, block: { name: 'uart' } },
  { full_name: 'bad', cmd: 'exit 3', deps: ['build'] },
  { full_name: 'never', cmd: 'true', deps: ['bad'] },
];

it('a run is one trace, with a span for each job that ran', async () => {
  const dir = makeTempDir();
  const { code, stderr } = await regatta(
    dir,
    'run',
    writeJobs(dir, JOBS),
    '--otlp-endpoint',
    endpoint,
    '--status',
    'none',
  );
  expect(code).toBe(1);
  expect(stderr).toBe('');
  expect(requests.map(({ url }) => url)).toEqual(['/v1/traces']);
  const spans = spansOf();
  expect(spans.map(({ name }) => name).sort()).toEqual(['bad', 'build', 'good', 'regatta run']);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const root = spans.find(({ name }) => name === 'regatta run');
  const [build, good, bad] = ['build', 'good', 'bad'].map((wanted) =>
    spans.find(({ name }) => name === wanted),
  );
  expect(root?.parentSpanId).toBeUndefined();
  expect([build, good, bad].map((span) => span?.parentSpanId)).toEqual(
    [root, root, root].map((span) => span?.spanId),
  );
  expect(attribute(root, 'regatta.exit_code')).toBe(1);
  expect(attribute(good, 'regatta.job.seed')).toBe(7);
  expect(attribute(good, 'regatta.job.block')).toBe('uart');
  expect(good?.status.code ?? 0).toBe(0);
  expect(bad?.status).toEqual({ code: 2, message: 'exit code 3' });
  expect(BigInt(build?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(BigInt(good?.startTimeUnixNano ?? 0));
});

it('the variables of OpenTelemetry say more of whose run it is', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const said = 'OTEL_SERVICE_NAME=nightly OTEL_RESOURCE_ATTRIBUTES=team=dv,chip=e%20g';
  const { code, stderr } = await regattaAfter(
    dir,
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} ${said}`,
    ...['run', jobs, '--status', 'none'],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { attributes = [] } = requests[0]?.body.resourceSpans[0]?.resource ?? {};
  const resource = Object.fromEntries(attributes.map(({ key, value }) => [key, value['stringValue']]));
  expect(resource).toMatchObject({ 'service.name': 'nightly', team: 'dv', chip: 'e g' });
  expect(resource['service.version']).toMatch(/^\d/);
});

it('the variables of OpenTelemetry name a collector too, and large runs go in batches', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(
    dir,
    Array.from({ length: 1200 }, (_, i) => ({ full_name: `j${i}`, cmd: 'true' })),
  );
  const fake = ['--backend', 'fake', '--virtual-clock', '--status', 'none'];
  const { code } = await regattaAfter(
    dir,
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
    'run',
    jobs,
    ...fake,
  );
  expect(code).toBe(0);
  expect(spansOf()).toHaveLength(1201);
  expect(new Set(spansOf().map(({ traceId }) => traceId)).size).toBe(1);
  expect(requests.length).toBe(3);
});

it('a collector that refuses is a warning, and the run is what it was', async () => {
  answer = 400;
  const dir = makeTempDir();
  const { code, stderr } = await regatta(
    dir,
    ...[
      'run',
      writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]),
      '--otlp-endpoint',
      endpoint,
      '--status',
      'none',
    ],
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/^regatta: warning: the spans of the run were not sent: .+\n$/);
});

it('where nobody listens, that is said at once', async () => {
  const dir = makeTempDir();
  server.close();
  await once(server, 'close');
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const beforeMs = performance.now();
  const plain = await regatta(dir, 'run', jobs, '--status', 'none');
  const plainMs = performance.now() - beforeMs;
  const { code, stderr } = await regatta(dir, 'run', jobs, '--otlp-endpoint', endpoint, '--status', 'none');
  // The library would call again and again, for seven seconds at least.
  expect(performance.now() - beforeMs - plainMs).toBeLessThan(3 * plainMs + 4000);
  expect([plain.code, code]).toEqual([0, 0]);
  expect(stderr).toBe(
    `regatta: warning: the spans of the run were not sent: ${new URL(endpoint).host}: connect ECONNREFUSED ${new URL(endpoint).host}\n`,
  );
});

it('a collector that never answers is given up in time', async () => {
  const dir = makeTempDir();
  answer = null;
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'exit 1' }]);
  const { code, stderr } = await regattaAfter(
    dir,
    'export OTEL_EXPORTER_OTLP_TIMEOUT=300',
    ...['run', jobs, '--otlp-endpoint', endpoint, '--status', 'none'],
  );
  expect(requests).toHaveLength(1);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^regatta: warning: the spans of the run were not sent: (no answer within 0\.3 s|Request timed out)\n$/,
  );
});

it('nor is one waited for that answers a little at a time', async () => {
  const dir = makeTempDir();
  answer = 'trickle';
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const { code, stderr } = await regattaAfter(
    dir,
    'export OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=300',
    ...['run', jobs, '--otlp-endpoint', `${endpoint}/v1/traces/`, '--status', 'none'],
  );
  expect(code).toBe(0);
  expect(stderr).toBe('regatta: warning: the spans of the run were not sent: no answer within 0.3 s\n');
  expect(requests.map(({ url }) => url)).toEqual(['/v1/traces']);
});

it('a variable that is no URL is a warning, and nothing is sent elsewhere', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const { code, stderr } = await regattaAfter(
    dir,
    'export OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318',
    ...['run', jobs, '--status', 'none'],
  );
  expect(code).toBe(0);
  expect(stderr).toBe(
    'regatta: warning: the spans of the run were not sent: OTEL_EXPORTER_OTLP_ENDPOINT ("collector:4318") is no URL (such as http://localhost:4318)\n',
  );
});

it('nothing is sent unless asked, nor by a dry run', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  await regatta(dir, 'run', jobs, '--status', 'none');
  await regatta(dir, 'run', jobs, '--dry-run', '--otlp-endpoint', endpoint, '--status', 'none');
  expect(requests).toEqual([]);
});

it('an endpoint that is no URL is bad usage', async () => {
  const dir = makeTempDir();
  const { code, stderr } = await regatta(
    dir,
    'run',
    writeJobs(dir, JOBS),
    '--otlp-endpoint',
    'localhost:4318',
  );
  expect(code).toBe(2);
  expect(stderr).toBe(
    'regatta: error: --otlp-endpoint must be a URL, not "localhost:4318" (such as http://localhost:4318)\n',
  );
});
