/** JetStream counts time in nanoseconds. */
export const NANOS_PER_MS = 1_000_000;
