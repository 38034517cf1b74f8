import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Counters } from '../core/counters.ts';
import { type Gauges, type Measurements, QUANTILES } from './measurements.ts';
import type { SocketTraffic } from './socket-traffic.ts';

/** What a process serves, if anything. */
export interface Served {
  readonly traffic: SocketTraffic;
  readonly connections: { countByTransport(): ReadonlyMap<string, number> };
  readonly rooms: { readonly all: readonly { readonly waiterLags: readonly number[] }[] };
}

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

/** Measures this process. */
export class Meter {
  readonly #counters: Counters;
  readonly #served: Served | undefined;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  /** @param served nothing in a process that serves no requests */
  constructor(counters: Counters, served?: Served) {
    this.#counters = counters;
    this.#served = served;
    this.#delay.enable();
  }

  /** Since the start; of delays, since the last call. */
  measure(): Measurements {
    const { deliveries, resumes, resets, notModified, slowReaders, errors } = this.#counters;
    const { received = 0, sent = 0 } = this.#served?.traffic.total() ?? {};
    const { user, system } = process.cpuUsage();
    return {
      counts: {
        ...{ deliveries, resumes, resets, notModified, slowReaders },
        receivedBytes: received,
        sentBytes: sent,
        cpuSeconds: (user + system) / 1e6,
      },
      errors,
      gauges: this.#gauges(),
    };
  }

  close(): void {
    this.#delay.disable();
  }

  #gauges(): Gauges {
    const rooms = this.#served?.rooms.all ?? [];
    const lags = rooms.flatMap(({ waiterLags }) => waiterLags);
    const delays = QUANTILES.map((quantile) => this.#delayAt(quantile));
    this.#delay.reset();
    return {
      waiters: this.#served?.connections.countByTransport() ?? new Map(),
      behind: lags.length,
      mostBehind: lags.reduce((most, lag) => Math.max(most, lag), 0),
      openRooms: rooms.length,
      residentBytes: process.memoryUsage.rss(),
      delays,
    };
  }

  /** Besides the time between two samples. */
  #delayAt(quantile: number): number {
    const nanoseconds = this.#delay.count === 0 ? 0 : this.#delay.percentile(quantile * 100);
    return Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000);
  }
}
