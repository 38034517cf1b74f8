import type { TestContext } from 'node:test';

/** Stops the clock of all rate limits: no tokens are refilled, however slow the machine is. */
export function freezeClock(t: TestContext): void {
  const now = performance.now();
  t.mock.method(performance, 'now', () => now);
}
