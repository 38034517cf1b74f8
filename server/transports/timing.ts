/** The clocks of the transports, in milliseconds. */
export interface Timing {
  /** A peer is asked this often whether it is there; it has until the next time to answer. */
  readonly pingMs: number;
  /** A peer that takes nothing of what waits for it for so long is cut off. */
  readonly stallMs: number;
  /** How long the peers may take to leave when the server ends. */
  readonly goodbyeMs: number;
}

export const TIMING: Timing = { pingMs: 20_000, stallMs: 30_000, goodbyeMs: 3_000 };
