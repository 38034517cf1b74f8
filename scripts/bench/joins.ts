import { received } from './listener.ts';
import type { Row } from './part.ts';
import { clientColumns, OwnCpu, rounded } from './part.ts';
import type { MeasuredServer } from './server.ts';
import { type Target, Waiter } from './waiters.ts';

/** Messages of history that a client receives on joining. */
export const HISTORY = 100;

/** Posts enough messages that clients that join receive a full history. */
export async function postHistory(place: Target): Promise<void> {
  const waiter = new Waiter(place);
  await waiter.ready;
  const from = waiter.count;
  for (let n = 0; n < HISTORY; n += 1) waiter.post(`a message ${n} ${'x'.repeat(60)}`);
  await received(waiter, from + HISTORY);
  await waiter.close();
}

/** Connects, and waits for the whole history. */
export async function join(place: Target): Promise<Waiter> {
  const waiter = new Waiter(place);
  await waiter.ready;
  await received(waiter, HISTORY);
  return waiter;
}

/** So many clients at once join and leave, for a time. */
export async function joinsPerSecond(
  server: MeasuredServer,
  load: { readonly atOnce: number; readonly seconds: number; readonly room?: string },
): Promise<Row> {
  const { port, dialect } = server;
  const { atOnce, seconds, room } = load;
  const place = { port, dialect, ...(room !== undefined && { room }) };
  const own = new OwnCpu();
  const { cpuSeconds: before } = await server.usage();
  const start = performance.now();
  let joins = 0;
  const joinAndLeave = async () => {
    while (performance.now() - start < seconds * 1000) {
      const waiter = await join(place);
      joins += 1;
      await waiter.close();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, joinAndLeave));
  const took = (performance.now() - start) / 1000;
  const { cpuSeconds } = await server.usage();
  return {
    'joins/s': rounded(joins / took),
    'joins/CPU-s': rounded(joins / (cpuSeconds - before)),
    ...clientColumns(own.part),
  };
}
