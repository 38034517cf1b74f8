import type { Contender } from '../contenders.ts';
import { filesAllow } from '../files.ts';
import { type Bench, clients, type Part, type Row, rounded, rowsOf } from '../part.ts';
import { WarmCrowd } from '../warm-crowd.ts';

export const cost: Part = {
  name: 'cost',
  title: "Deliveries per second of the server's processor",
  async *measure(bench) {
    for (const contender of bench.contenders) {
      for (const waiters of bench.scale.crowds) {
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
  filesAllow(waiters);
  const crowd = new WarmCrowd(contender, waiters);
  try {
    for (const inFlight of scale.inFlight) {
      const result = await crowd.run({ inFlight, seconds: scale.seconds });
      const { messages, deliveriesPerSecond, deliveriesPerCpuSecond, clientCpu, isSteady } = result;
      yield {
        waiters,
        'in flight': inFlight,
        messages,
        'deliveries/s': rounded(deliveriesPerSecond),
        'deliveries/CPU-s': rounded(deliveriesPerCpuSecond),
        ...clients(clientCpu),
        // The cost of what was delivered until then is still valid.
        ...(!isSteady && { note: 'given up: the last took over 10 s' }),
      };
    }
  } finally {
    await crowd.leave();
  }
}
