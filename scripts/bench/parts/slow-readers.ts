import type { Contender } from '../contenders.ts';
import { HISTORY } from '../joins.ts';
import type { Load } from '../load.ts';
import { LoadClients } from '../load-clients.ts';
import { type Bench, loadRow, ofEach, onServer, type Part, type Row, rounded } from '../part.ts';
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
const READERS = 10;
/** The part of the slow readers that use SSE, if the server supports it. */
const SSE_PART = 0.5;

export const slowReaders: Part = {
  name: 'slow-readers',
  title: 'Readers that stop reading: their memory, and the latency of the others',
  measure: ofEach(measure),
};

/**
 * The memory of a single client is less than the noise: it is measured with many, beside the mean of
 * the servers with one or none.
 */
async function* measure(contender: Contender, bench: Bench): AsyncIterable<Row> {
  const { waiters, seconds, slowReaders } = bench.scale;
  const without: number[] = [];
  for (const count of [0, 1, slowReaders]) {
    const maxSeconds = (FILL_LONGER + LONGER) * seconds;
    const streams = contender.isTyphoon ? Math.floor(count * SSE_PART) : 0;
    const { row, bytes } = await onServer(contender, maxSeconds, (server) =>
      measureWith(server, { count, streams }, bench),
    );
    if (count <= 1) without.push(bytes);
    const few = without.reduce((sum, each) => sum + each, 0) / without.length;
    yield {
      'slow readers': count,
      'over SSE': streams,
      waiters,
      'messages/s': PER_SECOND,
      ...row,
      'server MB': rounded(bytes / 1e6, 1),
      'KB each': count > 1 ? rounded((bytes - few) / count / 1000, 1) : null,
    };
  }
}

/** Measures waiters next to slow readers, and the memory that the server then holds. */
async function measureWith(
  server: MeasuredServer,
  { count, streams }: { readonly count: number; readonly streams: number },
  { scale }: Bench,
) {
  const { waiters, seconds, behindS } = scale;
  const slowReaders = await LoadClients.connect(server, READERS + count - streams);
  slowReaders.stopReading(count - streams);
  const sseReaders = await LoadClients.connect(server, streams, { transport: 'SSE' });
  sseReaders.stopReading(streams);
  const fill: Load = { ...FILL, maxMessages: scale.fill, seconds: FILL_LONGER * seconds };
  await slowReaders.run(fill);
  const history = Math.min(HISTORY, slowReaders.received);
  const clients = await LoadClients.connect(server, waiters - count, { history });
  const result = await clients.run({ perSecond: PER_SECOND, seconds: seconds * LONGER, behindS });
  const { memoryBytes: bytes } = await server.usage('retained');
  await clients.close();
  await slowReaders.close();
  await sseReaders.close();
  return { row: loadRow(result), bytes };
}
