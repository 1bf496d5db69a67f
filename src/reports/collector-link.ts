// Keeps the sending of spans from taking long: asks whether anybody listens, and ends requests that nobody answers. Knows no span.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { connect, isIP } from 'node:net';
import { messageOf } from '../util/message-of.js';

/** How long a connection may take to come about. */
const CONNECT_MS = 5000;

/** Where Node announces each HTTP request that starts. */
const REQUESTS = 'http.client.request.start';

/**
 * Connects, and hangs up. The exporter goes on for many seconds to call where nobody listens, which is of use to a program that
 * stays, and none to one that would be gone by then.
 *
 * @returns null when somebody listens; otherwise what is wrong, in one line. Never rejects.
 */
export async function callCollector({ hostname, port, protocol }: URL): Promise<string | null> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const where = `${isIP(host) === 6 ? `[${host}]` : host}:${number}`;
  return new Promise((resolve) => {
    const socket = connect({ host, port: number });
    const end = (problem: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(problem);
    };
    const timer = setTimeout(() => {
      end(`${where} does not answer`);
    }, CONNECT_MS);
    socket.once('connect', () => {
      end(null);
    });
    socket.on('error', (error) => {
      end(`${where}: ${wordError(error)}`);
    });
  });
}

/** Of a name with several addresses, Node has an error for each, and no message for all. */
function wordError(error: Error): string {
  const [first = error] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return messageOf(first);
}

/**
 * Does something over HTTP for no longer than `timeoutMs`; then all its requests are broken off, however slowly they go on.
 * @throws Error when time is up, or what `work` throws.
 */
export async function withinTime<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const requests = new Set<ClientRequest>();
  const note = (message: unknown): void => {
    requests.add((message as { readonly request: ClientRequest }).request);
  };
  let timer: NodeJS.Timeout | undefined;
  subscribe(REQUESTS, note);
  try {
    return await Promise.race([
      work(),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`no answer within ${timeoutMs / 1000} s`));
          for (const request of requests) request.destroy();
        }, timeoutMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    unsubscribe(REQUESTS, note);
  }
}
