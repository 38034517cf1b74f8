import type { Contender } from '../contenders.ts';
import type { Result } from '../load.ts';
import { LoadClients } from '../load-clients.ts';
import { type Bench, loadRow, ofEach, onServer, type Part, type Row, rounded } from '../part.ts';

const PER_SECOND = 50;

export const firstSeconds: Part = {
  name: 'first-seconds',
  title: 'From the write of a message to its arrival, in the first seconds after the start',
  measure: ofEach(measure),
};

/** A server has these seconds once: of several servers, the one in the middle. */
async function* measure(contender: Contender, { scale }: Bench): AsyncIterable<Row> {
  const { waiters, seconds, starts, behindS } = scale;
  const results: Result[] = [];
  while (results.length < starts) {
    const first = await onServer(contender, seconds, async (server) => {
      const clients = await LoadClients.connect(server, waiters);
      const result = await clients.run({ perSecond: PER_SECOND, seconds, behindS });
      await clients.close();
      return result;
    });
    results.push(first);
  }
  results.sort((a, b) => a.latencyMs.p99 - b.latencyMs.p99);
  const middle = results[Math.floor(results.length / 2)];
  const worst = results.at(-1);
  if (!middle || !worst) return;
  const about = { starts, waiters, 'messages/s': PER_SECOND };
  yield { ...about, ...loadRow(middle), 'worst p99 ms': rounded(worst.latencyMs.p99, 1) };
}
