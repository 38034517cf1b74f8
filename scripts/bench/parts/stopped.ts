import type { Contender } from '../contenders.ts';
import { Crowd } from '../crowd.ts';
import { HISTORY } from '../joins.ts';
import type { Load } from '../load.ts';
import { type Bench, loadRow, onServer, type Part, type Row, rounded, rowsOf } from '../part.ts';
import type { MeasuredServer } from '../server.ts';

const PER_SECOND = 200;
/** A multiple of the seconds of other loads. */
const LONGER = 4;
/**
 * Posted beforehand: the kernel buffers some four megabytes for a client that does not read, and
 * only then the server has to hold or drop data. This is twice that.
 */
const FILL = { inFlight: 64, letters: 3_000 } as const;
/** Its maximum duration, as a multiple of the seconds of other loads. */
const FILL_LONGER = 5;
/** The clients that keep reading. */
const WITNESSES = 10;
/** The part of the stopped clients that use SSE, if the server supports it. */
const STREAMS = 0.5;

export const stopped: Part = {
  name: 'stopped',
  title: 'Readers that stop: what they cost the server, and what the others feel',
  async *measure(bench) {
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, () => measure(contender, bench));
    }
  },
};

/** The memory of one client is lost in the noise: it is measured with many. */
async function* measure(contender: Contender, bench: Bench): AsyncIterable<Row> {
  const { waiters, seconds, stopped } = bench.scale;
  let without = 0;
  for (const count of [0, 1, stopped]) {
    const most = (FILL_LONGER + LONGER) * seconds;
    const streams = contender.isTyphoon ? Math.floor(count * STREAMS) : 0;
    const { row, bytes } = await onServer(contender, most, (server) =>
      beside(server, { count, streams }, bench),
    );
    if (count === 0) without = bytes;
    yield {
      stopped: count,
      'by event stream': streams,
      waiters,
      'messages/s': PER_SECOND,
      ...row,
      'server MB': rounded(bytes / 1e6, 1),
      'KB each': count > 1 ? rounded((bytes - without) / count / 1000, 1) : null,
    };
  }
}

/** Measures waiters alongside stopped clients, and the memory that the server then holds. */
async function beside(
  server: MeasuredServer,
  { count, streams }: { readonly count: number; readonly streams: number },
  { scale }: Bench,
) {
  const { waiters, seconds, behindS } = scale;
  const early = await Crowd.gather(server, WITNESSES + count - streams);
  early.stop(count - streams);
  const onStreams = await Crowd.gather(server, streams, { way: 'event stream' });
  onStreams.stop(streams);
  const fill: Load = { ...FILL, most: scale.fill, seconds: FILL_LONGER * seconds };
  await early.run(fill);
  const history = Math.min(HISTORY, early.heard);
  const crowd = await Crowd.gather(server, waiters - count, { history });
  const result = await crowd.run({ perSecond: PER_SECOND, seconds: seconds * LONGER, behindS });
  const { memoryBytes: bytes } = await server.usage('kept');
  await crowd.leave();
  await early.leave();
  await onStreams.leave();
  return { row: loadRow(result), bytes };
}
