import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { constantTimeEqual } from '../auth/constant-time-equal.ts';
import type { Health, Unhealthy } from './health.ts';
import type { Metrics } from './metrics.ts';

/** What a check says where no writes are accepted. */
const REASONS: Readonly<Record<Unhealthy, string>> = {
  'disk-full': 'The disk is full.',
  'database-locked': 'Another process has locked the database.',
  'database-damaged': 'The database is damaged.',
  'data-missing': 'The data directory was moved or removed.',
  'write-failed': "Messages can't be saved.",
  behind: 'This node has not applied all that the others have.',
  'cut-off': 'The log of the cluster cannot be reached.',
  'not-responding': 'The disk takes too long.',
  'shutting-down': 'The server is shutting down.',
};

/** Two names of one check: a server that does not accept writes is to be sent nobody. */
const CHECKS: readonly (string | undefined)[] = ['/up', '/ready'];

interface MonitorOptions {
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'text'> | undefined;
  /** The bearer token of `/metrics`; without one, there are none on the public address. */
  readonly metricsToken: string | undefined;
}

/** Answers `/up`, `/ready` and `/metrics`, and leaves the rest to another listener. */
export function monitorRequests(
  { health, metrics, metricsToken }: MonitorOptions,
  others: RequestListener,
): RequestListener {
  return (request, response) => {
    const [path] = request.url?.split('?', 1) ?? [];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && CHECKS.includes(path)) void sendHealth(health, response);
    else if (isRead && path === '/metrics' && metrics && metricsToken !== undefined) {
      const isKnown = constantTimeEqual(
        request.headers.authorization ?? '',
        `Bearer ${metricsToken}`,
      );
      if (isKnown) void sendMetrics(metrics, response);
      else send(response, 401, 'A bearer token is needed.\n', { 'WWW-Authenticate': 'Bearer' });
    } else others(request, response);
  };
}

/** A server for nothing but `/metrics`, `/up` and `/ready`, on an address that only the operator can reach. */
export function createMetricsServer(health: Health, metrics: Pick<Metrics, 'text'>): Server {
  return createServer({ requestTimeout: 10_000 }, (request, response) => {
    const [path] = request.url?.split('?', 1) ?? [];
    if (path === '/metrics') void sendMetrics(metrics, response);
    else if (CHECKS.includes(path)) void sendHealth(health, response);
    else send(response, 404, 'There is only /metrics, /up and /ready.\n');
  });
}

async function sendHealth(health: Health, response: ServerResponse): Promise<void> {
  const reason = await health.check();
  if (reason === undefined) send(response, 200, 'ok\n');
  else send(response, 503, `${reason}: ${REASONS[reason]}\n`, { 'Retry-After': '5' });
}

async function sendMetrics(
  metrics: Pick<Metrics, 'text'>,
  response: ServerResponse,
): Promise<void> {
  const type = 'text/plain; version=0.0.4; charset=utf-8';
  send(response, 200, await metrics.text(), { 'Content-Type': type });
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
