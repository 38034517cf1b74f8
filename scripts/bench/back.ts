import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { join } from './joins.ts';
import type { Place } from './waiters.ts';

interface Back {
  readonly place: Place;
  readonly count: number;
}

/**
 * So many clients reconnect at once. They run in a thread of their own, so as not to delay the
 * clients that stayed connected.
 * @returns the milliseconds until the last of them has the whole history
 */
export async function comeBack(place: Place, count: number): Promise<number> {
  const { port, dialect } = place;
  const back: Back = { place: { port, dialect }, count };
  const thread = new Worker(new URL(import.meta.url), { workerData: back });
  const [ms]: number[] = await once(thread, 'message');
  await thread.terminate();
  return ms ?? Number.NaN;
}

if (!isMainThread) {
  const { place, count } = workerData as Back;
  const start = performance.now();
  await Promise.all(Array.from({ length: count }, () => join(place)));
  parentPort?.postMessage(performance.now() - start);
}
