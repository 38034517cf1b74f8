import type { Config } from '../config.ts';
import type { Counters } from '../core/counters.ts';
import type { LogObserver } from '../core/log.ts';
import type { StoreReader } from '../features/store.ts';
import { Health } from '../monitor/health.ts';
import { Meter } from '../monitor/meter.ts';
import { Metrics } from '../monitor/metrics.ts';
import { MetricsEndpoint } from '../monitor/metrics-endpoint.ts';
import type { DataDir } from '../storage/data-dir.ts';
import type { ChannelToWorker } from './methods.ts';
import { WorkerMeasurements } from './worker-measurements.ts';

interface Parts {
  readonly config: Pick<Config, 'metrics' | 'metricsToken'>;
  readonly counters: Counters;
  readonly observer: LogObserver;
  readonly folder: Pick<DataDir, 'path'>;
  readonly log: { readonly head: number };
  readonly store: Pick<StoreReader, 'probe'>;
}

/** Tells the operator's programs how the primary and its workers are. */
export class PrimaryMonitor {
  readonly #meter: Meter;
  readonly #measurements: WorkerMeasurements;
  readonly #metrics: Metrics;
  readonly #health: Health;
  readonly #endpoint: MetricsEndpoint | undefined;

  constructor({ config, counters, observer, folder, log, store }: Parts) {
    this.#meter = new Meter(counters);
    this.#measurements = new WorkerMeasurements(this.#meter);
    this.#metrics = new Metrics({
      ...{ counters, folder, log, node: undefined },
      measure: () => this.#measurements.measure(),
    });
    this.#health = new Health({ probe: () => store.probe(), observer });
    this.#endpoint =
      config.metrics && new MetricsEndpoint(config.metrics, this.#health, this.#metrics);
  }

  add(id: string, channel: ChannelToWorker): void {
    channel.serve({ metrics: () => this.#metrics.text() });
    this.#measurements.add(id, channel);
  }

  /** The worker has ended. */
  delete(id: string): void {
    this.#measurements.delete(id);
  }

  /** @throws StartupError where it cannot listen at the address for metrics */
  async start(): Promise<void> {
    await this.#endpoint?.start();
  }

  async close(): Promise<void> {
    this.#health.close();
    this.#meter.close();
    await this.#endpoint?.close();
  }
}
