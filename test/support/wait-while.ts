import { setTimeout } from 'node:timers/promises';

/** Short compared to what tests wait for, and it leaves the CPU idle. */
const INTERVAL_MS = 5;

/** Polls a condition without an event until it is false. */
export async function waitWhile(condition: () => boolean): Promise<void> {
  while (condition()) await setTimeout(INTERVAL_MS);
}
