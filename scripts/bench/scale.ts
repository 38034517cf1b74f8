import { cpus } from 'node:os';

/** The scale of the measurements: the full one, and a small one for the tests. */
export interface Scale {
  /** Of each load. */
  readonly seconds: number;
  readonly waiters: number;
  /** Messages per second: the first rate, and the last. */
  readonly capacityRates: readonly [number, number];
  /** Numbers of waiters to measure. */
  readonly waiterCounts: readonly number[];
  readonly inFlight: readonly number[];
  /** Numbers of workers of one server. Where there are more than cores, only their costs say something. */
  readonly workerCounts: readonly number[];
  /** Messages per second. */
  readonly rates: readonly number[];
  /** Messages per second of one client. */
  readonly oneSenderRates: readonly number[];
  readonly httpRates: readonly number[];
  readonly idle: number;
  /** How long a server idles before its memory is measured. */
  readonly settleMs: number;
  readonly joinsAtOnce: number;
  /** Waiters that reconnect at once, and waiters that stay connected. */
  readonly reconnecting: number;
  readonly others: number;
  readonly starts: number;
  /** Messages in the store. */
  readonly store: number;
  readonly searches: number;
  /** How many of the waiters stop reading, to measure their memory. */
  readonly slowReaders: number;
  /** Messages that are posted beforehand, to fill the kernel's buffers. */
  readonly fill: number;
  /** A server that is this far behind a steady rate is overloaded, and not waited for. */
  readonly behindS: number;
  /** How many pages are loaded, and messages on the page: at once, in the history, and in a day. */
  readonly page: {
    readonly loads: number;
    readonly burst: number;
    readonly history: number;
    readonly day: number;
  };
}

export const FULL: Scale = {
  seconds: 4,
  waiters: 1_000,
  capacityRates: [5, 20_000],
  waiterCounts: [100, 1_000, 10_000],
  inFlight: [1, 64],
  workerCounts: [1, 2, 4, 8].filter((count) => count <= Math.max(4, cpus().length)),
  rates: [50, 200, 1_000],
  oneSenderRates: [2_000, 3_000],
  httpRates: [50, 200],
  idle: 10_000,
  settleMs: 3_000,
  joinsAtOnce: 50,
  reconnecting: 1_000,
  others: 100,
  starts: 5,
  store: 1_000_000,
  searches: 30,
  slowReaders: 200,
  fill: 2_200,
  behindS: 3,
  page: { loads: 12, burst: 1_000, history: 10_000, day: 10_000 },
};

export const TINY: Scale = {
  seconds: 0.1,
  waiters: 12,
  capacityRates: [20, 40],
  waiterCounts: [12],
  inFlight: [1, 64],
  workerCounts: [1, 2],
  rates: [50],
  oneSenderRates: [50],
  httpRates: [50],
  idle: 20,
  settleMs: 1,
  joinsAtOnce: 4,
  reconnecting: 10,
  others: 5,
  starts: 1,
  store: 500,
  searches: 1,
  slowReaders: 2,
  fill: 100,
  behindS: 50,
  page: { loads: 1, burst: 20, history: 60, day: 20 },
};
