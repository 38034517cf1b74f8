/** Messages at a steady rate, or always so many under way to the waiters, for a time. */
export type Load = {
  readonly seconds: number;
  /** It ends with so many messages, if that is before. */
  readonly most?: number;
  /** Letters of a message. */
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
  /** The clients' part of their core: near 1 they are the limit, and the figures are theirs. */
  readonly clientCpu: number;
  /** False: it fell so far behind that it was given up. */
  readonly isSteady: boolean;
}

/** The middle, the edge and the end of what was measured. */
export function spread(all: Iterable<number>): Result['latencyMs'] {
  const sorted = Float64Array.from(all).sort();
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
