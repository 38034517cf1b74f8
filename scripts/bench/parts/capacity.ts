import type { Contender } from '../contenders.ts';
import type { Result } from '../load.ts';
import { type Bench, clients, type Part, type Row, rounded, rowsOf } from '../part.ts';
import { WarmCrowd } from '../warm-crowd.ts';

/** A rate with a higher latency than this does not hold. */
const MOST_P99_MS = 100;
/** The factor between rates: large steps first, then, below the rate that failed, small ones. */
const LONG = 2;
const SHORT = 1.25;

export const capacity: Part = {
  name: 'capacity',
  title: 'The most messages a second that all waiters get with p99 under 100 ms',
  async *measure(bench) {
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, () => climb(contender, bench));
    }
  },
};

async function* climb(contender: Contender, { scale }: Bench): AsyncIterable<Row> {
  const { waiters, seconds, ladder, behindS } = scale;
  const [first, last] = ladder;
  const crowd = new WarmCrowd(contender, waiters);
  /** The clients' CPU usage at rates that held, and at those that did not. */
  let clientCpu = 0;
  /** Whether a rate holds; one that fails gets a second try, on a server without a backlog. */
  const attempt = async (perSecond: number): Promise<Result | undefined> => {
    for (let tries = 0; tries < 2; tries += 1) {
      const result = await crowd.run({ perSecond, seconds, behindS });
      clientCpu = Math.max(clientCpu, result.clientCpu);
      if (result.isSteady && result.latencyMs.p99 < MOST_P99_MS) return result;
      await crowd.leave();
    }
    return undefined;
  };
  let held = 0;
  let best: Result | undefined;
  let broken = last * LONG;
  const climbBy = async (step: number, from: number) => {
    for (let rate = from; rate < broken; rate = Math.ceil(rate * step)) {
      const result = await attempt(rate);
      if (!result) broken = rate;
      else {
        held = rate;
        best = result;
      }
    }
  };
  try {
    await climbBy(LONG, first);
    if (held > 0 && broken <= last) await climbBy(SHORT, Math.ceil(held * SHORT));
  } finally {
    await crowd.leave();
  }
  yield {
    waiters,
    'messages/s': held,
    'broke at': broken <= last ? broken : null,
    'deliveries/s': rounded(best?.deliveriesPerSecond ?? 0),
    'p50 ms': best ? rounded(best.latencyMs.p50, 1) : null,
    'p99 ms': best ? rounded(best.latencyMs.p99, 1) : null,
    ...clients(clientCpu),
  };
}
