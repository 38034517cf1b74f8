import { withTimeout } from '../core/with-timeout.ts';

/** A worker that takes longer to answer is left out. */
const TIMEOUT_MS = 2_000;

/** What a worker answers; `undefined` where it takes too long, or ends. */
export function within<T>(answer: Promise<T>): Promise<T | undefined> {
  const orNone = answer.catch(() => undefined);
  return withTimeout(orNone, TIMEOUT_MS, () => undefined);
}
