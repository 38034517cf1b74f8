import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../contenders.ts';
import { Crowd, type Way } from '../crowd.ts';
import { filesAllow } from '../files.ts';
import { type Bench, onServer, type Part, type Row, rounded, rowsOf } from '../part.ts';
import type { MeasuredServer } from '../server.ts';

export const memory: Part = {
  name: 'memory',
  title: "The server's memory for one who waits and hears nothing",
  async *measure(bench) {
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, () => idle(contender, bench, 'WebSocket'));
    }
  },
};

/** The growth of resident memory with the waiters, without a garbage collection. */
export async function* idle(contender: Contender, { scale }: Bench, way: Way): AsyncIterable<Row> {
  const waiters = scale.idle;
  filesAllow(waiters);
  const settled = async (server: MeasuredServer): Promise<number> => {
    await pause(scale.settleMs);
    return (await server.usage()).memoryBytes;
  };
  yield await onServer(contender, scale.settleMs / 1000, async (server) => {
    const before = await settled(server);
    const crowd = await Crowd.gather(server, waiters, { way });
    const after = await settled(server);
    await crowd.leave();
    return {
      way,
      waiters,
      'before MB': rounded(before / 1e6, 1),
      'with them MB': rounded(after / 1e6, 1),
      'KB each': rounded((after - before) / waiters / 1000, 2),
    };
  });
}
