/** The timeouts and intervals of the server, in milliseconds. */
export interface Timeouts {
  /** How long a connection is kept open for another request. */
  readonly idleTimeoutMs: number;
  /**
   * The same where they are those of a proxy: longer than proxies keep them (nginx 60 s, Caddy 120 s), which
   * would otherwise send a request on a connection that is being closed, and answer it with 502.
   */
  readonly proxyIdleTimeoutMs: number;
  /** How long a client may take to send the head of a request. */
  readonly headersTimeoutMs: number;
  /** How long it may take to send the whole request. */
  readonly bodyTimeoutMs: number;
  /** The same for uploads, as long as none pauses for `bodyTimeoutMs`. */
  readonly uploadTimeoutMs: number;
  /** How long an image may wait for its turn to be processed. */
  readonly imageQueueTimeoutMs: number;
  /** How long its processing may take then. */
  readonly imageTimeoutMs: number;
  /** How long a file that no message carries is kept. */
  readonly unattachedFileTtlMs: number;
  /** How often messages that are older than they are kept are looked for. */
  readonly retentionIntervalMs: number;
  /** How often to look for requests to erase a person, and to try again what failed. */
  readonly erasureIntervalMs: number;
  /** How often a peer is pinged, and shown that the server is alive. */
  readonly pingIntervalMs: number;
  /** How long a peer may read nothing of what is queued for it before it is cut off. */
  readonly writeTimeoutMs: number;
  /** How long a user who left a room is still shown there, so that a reload does not show. */
  readonly presenceGraceMs: number;
  /** How often to check whether the certificate was replaced. */
  readonly certificateCheckMs: number;
  /** How long clients may take to disconnect when the server shuts down. */
  readonly shutdownTimeoutMs: number;
}

export const TIMEOUTS: Timeouts = {
  idleTimeoutMs: 5_000,
  proxyIdleTimeoutMs: 125_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 20_000,
  uploadTimeoutMs: 600_000,
  imageQueueTimeoutMs: 45_000,
  imageTimeoutMs: 60_000,
  unattachedFileTtlMs: 3_600_000,
  retentionIntervalMs: 3_600_000,
  erasureIntervalMs: 2_000,
  pingIntervalMs: 20_000,
  writeTimeoutMs: 30_000,
  presenceGraceMs: 5_000,
  certificateCheckMs: 10_000,
  shutdownTimeoutMs: 3_000,
};
