import { setTimeout as wait } from 'node:timers/promises';

/** While a cluster starts or elects a leader, requests time out. */
export const START_MS = 60_000;
const PAUSE_MS = 250;

/** Tries until it works. @throws what it threw last, after the time */
export async function retry<T>(withinMs: number, attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= end) throw error;
      await wait(PAUSE_MS);
    }
  }
}
