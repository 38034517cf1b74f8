import type { Contender } from '../contenders.ts';
import {
  type Bench,
  clientColumns,
  loadRow,
  ofEach,
  type Part,
  type Row,
  rounded,
} from '../part.ts';
import { WarmClients } from '../warm-clients.ts';

export const oneSender: Part = {
  name: 'one-sender',
  title: 'The rate at which all waiters receive what one client sends at a steady rate',
  measure: ofEach(measure),
};

/** Each rate has a server of its own: one that was too much leaves a backlog. */
async function* measure(contender: Contender, { scale }: Bench): AsyncIterable<Row> {
  const { waiters, seconds, behindS, oneSenderRates } = scale;
  for (const perSecond of oneSenderRates) {
    const clients = new WarmClients(contender, waiters, { senders: 1 });
    try {
      const result = await clients.run({ perSecond, seconds, behindS });
      const held = rounded(result.deliveriesPerSecond / waiters);
      const about = { waiters, 'messages/s': perSecond, 'held messages/s': held };
      // What was held until an overload is the result, too.
      yield { ...about, ...loadRow(result), ...clientColumns(result.clientCpu) };
    } finally {
      await clients.stop();
    }
  }
}
