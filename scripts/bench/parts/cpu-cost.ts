import type { Contender } from '../contenders.ts';
import { assertFileLimit } from '../file-limit.ts';
import { type Bench, clientColumns, type Part, type Row, rounded, rowsOf } from '../part.ts';
import { WarmClients } from '../warm-clients.ts';

export const cpuCost: Part = {
  name: 'cpu-cost',
  title: 'Deliveries per CPU second of the server',
  async *measure(bench) {
    for (const contender of bench.contenders) {
      for (const waiters of bench.scale.waiterCounts) {
        yield* rowsOf(contender, () => measure(contender, waiters, bench));
      }
    }
  },
};

async function* measure(
  contender: Contender,
  waiters: number,
  { scale }: Bench,
): AsyncIterable<Row> {
  assertFileLimit(waiters);
  const clients = new WarmClients(contender, waiters);
  try {
    for (const inFlight of scale.inFlight) {
      const result = await clients.run({ inFlight, seconds: scale.seconds });
      const { messages, deliveriesPerSecond, deliveriesPerCpuSecond, clientCpu, isSteady } = result;
      yield {
        waiters,
        'in flight': inFlight,
        messages,
        'deliveries/s': rounded(deliveriesPerSecond),
        'deliveries/CPU-s': rounded(deliveriesPerCpuSecond),
        ...clientColumns(clientCpu),
        // The cost of what was delivered until then is still valid.
        ...(!isSteady && { note: 'aborted: the last message took over 10 s' }),
      };
    }
  } finally {
    await clients.stop();
  }
}
