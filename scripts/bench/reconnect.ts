import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { join } from './joins.ts';
import type { Target } from './waiters.ts';

interface ReconnectTask {
  readonly place: Target;
  readonly count: number;
}

/**
 * So many clients reconnect at once. They run in a thread of their own, so as not to delay the
 * clients that stayed connected.
 * @returns the milliseconds until the last of them has the whole history
 */
export async function reconnectAll(place: Target, count: number): Promise<number> {
  const { port, dialect } = place;
  const task: ReconnectTask = { place: { port, dialect }, count };
  const thread = new Worker(new URL(import.meta.url), { workerData: task });
  const [ms]: number[] = await once(thread, 'message');
  await thread.terminate();
  return ms ?? Number.NaN;
}

if (!isMainThread) {
  const { place, count } = workerData as ReconnectTask;
  const start = performance.now();
  await Promise.all(Array.from({ length: count }, () => join(place)));
  parentPort?.postMessage(performance.now() - start);
}
