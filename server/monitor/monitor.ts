import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { Config, ListenAddress } from '../config.ts';
import { StartupError } from '../core/errors.ts';
import type { Health } from './health.ts';
import { Metrics, type MetricsSources } from './metrics.ts';
import { createMetricsServer, monitorRequests } from './monitor-requests.ts';
import { SocketTraffic } from './socket-traffic.ts';

/** Tells the operator's programs how the server is. */
export interface Monitor {
  readonly traffic: SocketTraffic;
  /** A listener that answers `/up` and, with a token, `/metrics`, and leaves the rest to another. */
  wrap(others: RequestListener): RequestListener;
  /** @throws StartupError where it cannot listen at the address for metrics */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Sources extends Omit<MetricsSources, 'traffic'> {
  readonly health: Health;
}

export function createMonitor(
  { metrics: address, metricsToken }: Pick<Config, 'metrics' | 'metricsToken'>,
  { health, ...sources }: Sources,
): Monitor {
  const traffic = new SocketTraffic();
  // Nothing is measured that nobody can read.
  const isRead = address !== undefined || metricsToken !== undefined;
  const metrics = isRead ? new Metrics({ ...sources, traffic }) : undefined;
  const server = metrics && address && createMetricsServer(health, metrics);
  return {
    traffic,
    wrap: (others) => monitorRequests({ health, metrics, metricsToken }, others),
    async start() {
      if (server) await listenAt(server, address);
    },
    async close() {
      metrics?.close();
      if (!server?.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listenAt(server: Server, { host, port }: ListenAddress): Promise<void> {
  try {
    await once(server.listen({ host, port }), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`Cannot serve metrics on ${host}, port ${port}: ${code}.`);
  }
}
