/** The scale of the measurements: the full one, and a small one for the tests. */
export interface Scale {
  /** Of each load. */
  readonly seconds: number;
  readonly waiters: number;
  /** Messages per second: the first rate, and the last. */
  readonly ladder: readonly [number, number];
  /** Numbers of waiters, of which each is measured. */
  readonly crowds: readonly number[];
  readonly inFlight: readonly number[];
  /** Messages per second. */
  readonly rates: readonly number[];
  readonly httpRates: readonly number[];
  readonly idle: number;
  /** How long a server idles before its memory is measured. */
  readonly settleMs: number;
  readonly joinsAtOnce: number;
  /** Waiters that reconnect at once, and those that stay connected. */
  readonly back: number;
  readonly others: number;
  readonly starts: number;
  /** Messages in the store. */
  readonly store: number;
  readonly searches: number;
  /** How many of the waiters stop reading, to measure their memory. */
  readonly stopped: number;
  /** Messages that are posted beforehand, to fill the kernel's buffers. */
  readonly fill: number;
  /** A server that is this far behind a steady rate is overloaded, and not waited for. */
  readonly behindS: number;
  /** Messages on the page: at once, in the history, and in a day. */
  readonly page: { readonly burst: number; readonly past: number; readonly day: number };
}

export const FULL: Scale = {
  seconds: 4,
  waiters: 1_000,
  ladder: [5, 20_000],
  crowds: [100, 1_000, 10_000],
  inFlight: [1, 64],
  rates: [50, 200, 1_000],
  httpRates: [50, 200],
  idle: 10_000,
  settleMs: 3_000,
  joinsAtOnce: 50,
  back: 1_000,
  others: 100,
  starts: 5,
  store: 1_000_000,
  searches: 30,
  stopped: 200,
  fill: 2_200,
  behindS: 3,
  page: { burst: 1_000, past: 10_000, day: 10_000 },
};

export const TINY: Scale = {
  seconds: 0.1,
  waiters: 12,
  ladder: [20, 40],
  crowds: [12],
  inFlight: [1, 64],
  rates: [50],
  httpRates: [50],
  idle: 20,
  settleMs: 1,
  joinsAtOnce: 4,
  back: 10,
  others: 5,
  starts: 1,
  store: 500,
  searches: 1,
  stopped: 2,
  fill: 100,
  behindS: 50,
  page: { burst: 20, past: 60, day: 20 },
};
