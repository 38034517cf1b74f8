/** The clocks of the server, in milliseconds. */
export interface Timeouts {
  /** How long a client may take to send the head of a request. */
  readonly headersTimeoutMs: number;
  /** How long it may take to send the whole of it. */
  readonly bodyTimeoutMs: number;
  /** The same for one that brings files, as long as it does not stop for `requestMs`. */
  readonly uploadTimeoutMs: number;
  /** A file that no message carries is given up after so long. */
  readonly unattachedFileTtlMs: number;
  /** A peer is asked this often whether it is there, and told that the server is. */
  readonly pingIntervalMs: number;
  /** A peer that takes nothing of what waits for it for so long is cut off. */
  readonly writeTimeoutMs: number;
  /** One who leaves a room is shown there for so long still, so that a reload is no leaving. */
  readonly presenceGraceMs: number;
  /** How long the peers may take to leave when the server ends. */
  readonly shutdownTimeoutMs: number;
}

export const TIMEOUTS: Timeouts = {
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 20_000,
  uploadTimeoutMs: 600_000,
  unattachedFileTtlMs: 3_600_000,
  pingIntervalMs: 20_000,
  writeTimeoutMs: 30_000,
  presenceGraceMs: 5_000,
  shutdownTimeoutMs: 3_000,
};
