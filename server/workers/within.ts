import { setTimeout as sleep } from 'node:timers/promises';

/** A worker that takes longer to answer is left out. */
const TIMEOUT_MS = 2_000;

/** What a worker answers; `undefined` where it takes too long, or ends. */
export async function within<T>(answer: Promise<T>): Promise<T | undefined> {
  const late = new AbortController();
  const timeout = sleep(TIMEOUT_MS, undefined, { signal: late.signal }).catch(() => undefined);
  try {
    return await Promise.race([answer.catch(() => undefined), timeout]);
  } finally {
    late.abort();
  }
}
