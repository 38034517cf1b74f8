/** The clocks of the server, in milliseconds. */
export interface Timing {
  /** How long a client may take to send the head of a request. */
  readonly headersMs: number;
  /** How long it may take to send the whole of it. */
  readonly requestMs: number;
  /** The same for one that brings files, as long as it does not stop for `requestMs`. */
  readonly uploadMs: number;
  /** A file that no message carries is given up after so long. */
  readonly unusedMs: number;
  /** A peer is asked this often whether it is there, and told that the server is. */
  readonly pingMs: number;
  /** A peer that takes nothing of what waits for it for so long is cut off. */
  readonly stallMs: number;
  /** One who leaves a room is shown there for so long still, so that a reload is no leaving. */
  readonly graceMs: number;
  /** How long the peers may take to leave when the server ends. */
  readonly goodbyeMs: number;
}

export const TIMING: Timing = {
  headersMs: 10_000,
  requestMs: 20_000,
  uploadMs: 600_000,
  unusedMs: 3_600_000,
  pingMs: 20_000,
  stallMs: 30_000,
  graceMs: 5_000,
  goodbyeMs: 3_000,
};
