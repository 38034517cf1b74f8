/** Messages at a steady rate, or a constant number in flight, for a time. */
export type Load = {
  readonly seconds: number;
  /** The load ends after so many messages, if that is earlier. */
  readonly maxMessages?: number;
  /** Letters per message. */
  readonly letters?: number;
} & ({ readonly perSecond: number; readonly behindS: number } | { readonly inFlight: number });

export interface Result {
  readonly waiters: number;
  readonly messages: number;
  readonly seconds: number;
  readonly deliveriesPerSecond: number;
  readonly deliveriesPerCpuSecond: number;
  /** From the write of a message to its arrival, over all messages and some of the waiters. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** CPU usage of the clients' core: near 1 the clients are the limit, not the server. */
  readonly clientCpu: number;
  /** False: it fell so far behind that it was aborted. */
  readonly isSteady: boolean;
}

/** The percentiles of the measurements. */
export function percentiles(all: Iterable<number>): Result['latencyMs'] {
  const at = quantiles(all);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** The measurement below which a part of all is, from 0 to 1; 0 if there is none. */
export function quantiles(all: Iterable<number>): (part: number) => number {
  const sorted = Float64Array.from(all).sort();
  return (part) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
}
