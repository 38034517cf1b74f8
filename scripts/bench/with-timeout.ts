import { withTimeout as either } from '../../server/core/with-timeout.ts';

/** @throws Error if the work is not done in time; it may go on in the background */
export function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  return either(work, ms, () => {
    throw new Error(`It was not done within ${Math.round(ms / 1000)} s.`);
  });
}
