import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../contenders.ts';
import { assertFileLimit } from '../file-limit.ts';
import { LoadClients, type LoadTransport } from '../load-clients.ts';
import { type Bench, ofEach, onServer, type Part, type Row, rounded } from '../part.ts';
import type { MeasuredServer } from '../server.ts';

export const memory: Part = {
  name: 'memory',
  title: "The server's memory for each idle waiter",
  measure: ofEach((contender, bench) => idle(contender, bench, 'WebSocket')),
};

/** The growth of resident memory with the waiters, without a garbage collection. */
export async function* idle(
  contender: Contender,
  { scale }: Bench,
  transport: LoadTransport,
): AsyncIterable<Row> {
  const waiters = scale.idle;
  assertFileLimit(waiters);
  const settled = async (server: MeasuredServer): Promise<number> => {
    await pause(scale.settleMs);
    return (await server.usage()).memoryBytes;
  };
  yield await onServer(contender, scale.settleMs / 1000, async (server) => {
    const before = await settled(server);
    const clients = await LoadClients.connect(server, waiters, { transport });
    const after = await settled(server);
    await clients.close();
    return {
      transport,
      waiters,
      'before MB': rounded(before / 1e6, 1),
      'after MB': rounded(after / 1e6, 1),
      'KB each': rounded((after - before) / waiters / 1000, 2),
    };
  });
}
