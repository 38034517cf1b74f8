import type { Contender } from '../contenders.ts';
import { type Bench, loadRow, type Part, type Row, rounded, rowsOf } from '../part.ts';
import { WarmCrowd } from '../warm-crowd.ts';

const PER_SECOND = 200;
/** So many times the seconds of other loads: it takes a while until the buffers are full. */
const LONGER = 2.5;

export const stopped: Part = {
  name: 'stopped',
  title: 'Readers that stop: what they cost the server, and what the others feel',
  async *measure(bench) {
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, () => measure(contender, bench));
    }
  },
};

/** The memory of one is lost among what comes and goes: it is measured with many. */
async function* measure(contender: Contender, { scale }: Bench): AsyncIterable<Row> {
  let without = 0;
  for (const count of [0, 1, scale.stopped]) {
    const crowd = new WarmCrowd(contender, scale.waiters, { stopped: count });
    try {
      const result = await crowd.run({ perSecond: PER_SECOND, seconds: scale.seconds * LONGER });
      const grown = await crowd.memoryBytes();
      if (count === 0) without = grown;
      yield {
        stopped: count,
        waiters: scale.waiters,
        'messages/s': PER_SECOND,
        ...loadRow(result),
        'server MB': rounded(grown / 1e6, 1),
        'KB each': count > 1 ? rounded((grown - without) / count / 1000, 1) : null,
      };
    } finally {
      await crowd.leave();
    }
  }
}
