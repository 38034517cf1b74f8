import type { RequestListener } from 'node:http';
import type { Config } from '../config.ts';
import type { Health } from './health.ts';
import type { Measurements } from './measurements.ts';
import { Meter, type Served } from './meter.ts';
import { Metrics, type MetricsSources } from './metrics.ts';
import { MetricsEndpoint } from './metrics-endpoint.ts';
import { monitorRequests } from './monitor-requests.ts';
import { SocketTraffic } from './socket-traffic.ts';

/** Where the processes of a server are measured together. */
export interface CommonMetrics {
  /** What all of them have measured. */
  text(): Promise<string>;
  /** How many connections are open in all of them, by transport. */
  connections(): Promise<ReadonlyMap<string, number>>;
  /** @param measure measures this process */
  add(measure: () => Measurements): void;
}

/** Tells the operator's programs how the server is. */
interface Monitor {
  readonly traffic: SocketTraffic;
  /** A listener that answers `/up` and, with a token, `/metrics`, and leaves the rest to another. */
  wrap(others: RequestListener): RequestListener;
  /** @throws StartupError where it cannot listen at the address for metrics */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Sources extends Omit<MetricsSources, 'measure'>, Omit<Served, 'traffic'> {
  readonly health: Health;
  /** Of several processes: one of the others listens at the address for metrics. */
  readonly common: CommonMetrics | undefined;
}

export function createMonitor(
  { metrics: address, metricsToken }: Pick<Config, 'metrics' | 'metricsToken'>,
  { health, common, connections, rooms, ...sources }: Sources,
): Monitor {
  const traffic = new SocketTraffic();
  // Nothing is measured that nobody can read.
  const isRead = address !== undefined || metricsToken !== undefined;
  const meter = isRead ? new Meter(sources.counters, { traffic, connections, rooms }) : undefined;
  if (meter) common?.add(() => meter.measure());
  const measure = async (one: Meter) => ({ all: one.measure(), workers: new Map() });
  const metrics = meter && (common ?? new Metrics({ ...sources, measure: () => measure(meter) }));
  const endpoint =
    metrics && address && !common ? new MetricsEndpoint(address, health, metrics) : undefined;
  return {
    traffic,
    wrap: (others) => monitorRequests({ health, metrics, metricsToken }, others),
    start: async () => endpoint?.start(),
    async close() {
      meter?.close();
      await endpoint?.close();
    },
  };
}
