/** The maximum: ten years. */
export const MAX_KEEP_DAYS = 3_650;

const DAY_MS = 86_400_000;

/**
 * Before when messages expire, in milliseconds since 1970; `undefined` where they are kept without end.
 * @param limits of the server and of the room, in days: the shortest applies, and `null` is none
 */
export function expiryOf(now: number, ...limits: readonly (number | null)[]): number | undefined {
  const days = limits.filter((limit) => limit !== null);
  return days.length > 0 ? now - Math.min(...days) * DAY_MS : undefined;
}
