/** The quantiles of how late timers were. */
export const QUANTILES = [0.5, 0.99, 1] as const;

/** What only grows while a process runs. */
export interface Counts {
  readonly deliveries: number;
  readonly resumes: number;
  readonly resets: number;
  readonly notModified: number;
  readonly slowReaders: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly cpuSeconds: number;
}

/** How a process is at this moment. */
export interface Gauges {
  /** Open streams and long polls, by transport. */
  readonly waiters: ReadonlyMap<string, number>;
  /** Waiters that are not live, and how many events the farthest has not been sent. */
  readonly behind: number;
  readonly mostBehind: number;
  readonly openRooms: number;
  readonly residentBytes: number;
  /** How late timers were, for each of `QUANTILES`. In seconds. */
  readonly delays: readonly number[];
}

/** What a process that serves requests has counted and measured. */
export interface Measurements {
  readonly counts: Counts;
  /** Refused requests, by their code. */
  readonly errors: ReadonlyMap<string, number>;
  readonly gauges: Gauges;
}

/** Of several processes: of delays and lags the largest, of everything else the sum. */
export function combined(all: readonly [Measurements, ...Measurements[]]): Measurements {
  return all.reduce((one, other) => ({
    counts: addedCounts(one.counts, other.counts),
    errors: addedMaps(one.errors, other.errors),
    gauges: {
      waiters: addedMaps(one.gauges.waiters, other.gauges.waiters),
      behind: one.gauges.behind + other.gauges.behind,
      mostBehind: Math.max(one.gauges.mostBehind, other.gauges.mostBehind),
      openRooms: one.gauges.openRooms + other.gauges.openRooms,
      residentBytes: one.gauges.residentBytes + other.gauges.residentBytes,
      delays: QUANTILES.map((_, index) =>
        Math.max(one.gauges.delays[index] ?? 0, other.gauges.delays[index] ?? 0),
      ),
    },
  }));
}

function addedCounts(one: Counts, other: Counts): Counts {
  return {
    deliveries: one.deliveries + other.deliveries,
    resumes: one.resumes + other.resumes,
    resets: one.resets + other.resets,
    notModified: one.notModified + other.notModified,
    slowReaders: one.slowReaders + other.slowReaders,
    receivedBytes: one.receivedBytes + other.receivedBytes,
    sentBytes: one.sentBytes + other.sentBytes,
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
  };
}

/** Counts by key, added up. */
export function addedMaps(
  one: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return new Map([...keys].map((key) => [key, (one.get(key) ?? 0) + (other.get(key) ?? 0)]));
}
