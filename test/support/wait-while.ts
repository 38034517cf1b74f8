import { setTimeout } from 'node:timers/promises';

/** Short compared to what tests wait for, and it leaves the CPU idle. */
const INTERVAL_MS = 5;

/**
 * Polls a condition without an event until it is false.
 * @param intervalMs longer where the condition takes long to check
 */
export async function waitWhile(condition: () => boolean, intervalMs = INTERVAL_MS): Promise<void> {
  while (condition()) await setTimeout(intervalMs);
}
