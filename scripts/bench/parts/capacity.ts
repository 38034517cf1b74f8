import type { Contender } from '../contenders.ts';
import type { Result } from '../load.ts';
import { type Bench, clientColumns, ofEach, type Part, type Row, rounded } from '../part.ts';
import { WarmClients } from '../warm-clients.ts';

/** A rate with a higher latency than this does not hold. */
const MAX_P99_MS = 100;
/** The factor between rates: large steps first, then, below the rate that failed, small ones. */
const LARGE_STEP = 2;
const SMALL_STEP = 1.25;

export const capacity: Part = {
  name: 'capacity',
  title: 'The maximum rate of messages that all waiters receive with p99 under 100 ms',
  measure: ofEach(findCapacity),
};

async function* findCapacity(contender: Contender, { scale }: Bench): AsyncIterable<Row> {
  const { waiters, seconds, capacityRates, behindS } = scale;
  const [first, last] = capacityRates;
  const clients = new WarmClients(contender, waiters);
  /** The clients' CPU usage at all rates. */
  let clientCpu = 0;
  /** Whether a rate holds; one that fails gets a second try, on a server without a backlog. */
  const attempt = async (perSecond: number): Promise<Result | undefined> => {
    for (let tries = 0; tries < 2; tries += 1) {
      const result = await clients.run({ perSecond, seconds, behindS });
      clientCpu = Math.max(clientCpu, result.clientCpu);
      if (result.isSteady && result.latencyMs.p99 < MAX_P99_MS) return result;
      await clients.stop();
    }
    return undefined;
  };
  let highest = 0;
  let best: Result | undefined;
  let failedAt = last * LARGE_STEP;
  const raiseBy = async (step: number, from: number) => {
    for (let rate = from; rate < failedAt; rate = Math.ceil(rate * step)) {
      const result = await attempt(rate);
      if (!result) failedAt = rate;
      else {
        highest = rate;
        best = result;
      }
    }
  };
  try {
    await raiseBy(LARGE_STEP, first);
    if (highest > 0 && failedAt <= last) await raiseBy(SMALL_STEP, Math.ceil(highest * SMALL_STEP));
  } finally {
    await clients.stop();
  }
  yield {
    waiters,
    'messages/s': highest,
    'failed at': failedAt <= last ? failedAt : null,
    'deliveries/s': rounded(best?.deliveriesPerSecond ?? 0),
    'p50 ms': best ? rounded(best.latencyMs.p50, 1) : null,
    'p99 ms': best ? rounded(best.latencyMs.p99, 1) : null,
    ...clientColumns(clientCpu),
  };
}
