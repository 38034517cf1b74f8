import type { Contender } from '../contenders.ts';
import type { LoadTransport } from '../load-clients.ts';
import { type Bench, loadRow, OVERLOADED, ofEach, type Part, type Row } from '../part.ts';
import { WarmClients } from '../warm-clients.ts';

export const latency: Part = {
  name: 'latency',
  title: 'From the write of a message to its arrival, at a steady rate',
  measure: ofEach((contender, bench) => atRates(contender, bench, bench.scale.rates, 'WebSocket')),
};

/** After a rate that is too much, higher ones are skipped. */
export async function* atRates(
  contender: Contender,
  { scale: { waiters, seconds, behindS } }: Bench,
  rates: readonly number[],
  transport: LoadTransport,
): AsyncIterable<Row> {
  const clients = new WarmClients(contender, waiters, { transport });
  let isOverloaded = false;
  try {
    for (const perSecond of rates) {
      const about = { transport, waiters, 'messages/s': perSecond };
      if (isOverloaded) {
        yield { ...about, note: OVERLOADED };
        continue;
      }
      const result = await clients.run({ perSecond, seconds, behindS });
      isOverloaded = !result.isSteady;
      yield { ...about, ...loadRow(result) };
    }
  } finally {
    await clients.stop();
  }
}
