import type { Contender } from '../contenders.ts';
import { shipped } from '../contenders.ts';
import { Corpus, letterOf, wordOf } from '../corpus.ts';
import { HISTORY, joinsPerSecond } from '../joins.ts';
import { type Load, percentiles } from '../load.ts';
import { LoadClients } from '../load-clients.ts';
import { type Bench, onServer, type Part, type Row, rounded, rowsOf } from '../part.ts';
import { searchPages } from '../search-pages.ts';
import { seed } from '../seed.ts';
import type { MeasuredServer } from '../server.ts';

const ROOM = 'big';
/** Every hundredth message is in another room: of so many, a full history is in this room. */
const SHORT_HISTORY = 200;
/** Enough time to index a long history. */
const INDEXING_S = 180;
/** Searches: frequent and rare, alone and together, letters and words. */
const SEARCHES = [
  wordOf(0),
  wordOf(400),
  wordOf(29_000),
  'zzzzzz',
  `${wordOf(1)} ${wordOf(2)}`,
  '"oddly" "evenly"',
  'odd even',
  letterOf(5),
  letterOf(5) + letterOf(9),
  [3, 7, 1, 2].map(letterOf).join(''),
];

export const store: Part = {
  name: 'store',
  title: 'Posting, joining and searching with a long history, and with a short one',
  async *measure(bench) {
    const contender = shipped;
    for (const messages of [SHORT_HISTORY, bench.scale.store]) {
      yield* rowsOf(contender, () => measure(contender, messages, bench));
    }
  },
};

async function* measure(
  contender: Contender,
  messages: number,
  { scale }: Bench,
): AsyncIterable<Row> {
  const { seconds, joinsAtOnce: atOnce, others } = scale;
  const corpus = new Corpus();
  const fill = seed(messages, () => corpus.next());
  yield await onServer(
    contender,
    6 * seconds + INDEXING_S,
    async (server) => {
      const clients = await LoadClients.connect(server, others, { room: ROOM, history: HISTORY });
      const posts = async (load: Load) => {
        const result = await clients.run(load);
        return rounded(result.messages / result.seconds);
      };
      await posts({ inFlight: 4, seconds: Math.min(1, seconds) });
      const single = await posts({ inFlight: 1, seconds });
      const many = await posts({ inFlight: 64, seconds });
      const alone = await clients.run({ perSecond: 50, behindS: 10, seconds });
      await indexed(server);
      const [searching] = await Promise.all([
        clients.run({ perSecond: 50, behindS: 10, seconds }),
        searches(server, scale.searches),
      ]);
      await clients.close();
      await joinsPerSecond(server, { atOnce, seconds: Math.min(1, seconds), room: ROOM });
      return {
        'stored messages': messages,
        waiters: others,
        'posts/s, 1 in flight': single,
        'posts/s, 64 in flight': many,
        ...(await joinsPerSecond(server, { atOnce, seconds, room: ROOM })),
        ...(await searches(server, scale.searches)),
        'p99 ms at 50/s': rounded(alone.latencyMs.p99, 1),
        'p99 ms at 50/s, during searches': rounded(searching.latencyMs.p99, 1),
        'start ms': rounded(server.startMs),
      };
    },
    fill,
  );
}

/** A history from elsewhere is indexed first: each search does some of that. */
async function indexed({ port }: MeasuredServer): Promise<void> {
  const url = `http://127.0.0.1:${port}/rooms/${ROOM}/search?q=${wordOf(0)}`;
  for (let isWhole = false; !isWhole; ) {
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    isWhole = (await response.json()).indexed;
  }
}

async function searches(server: MeasuredServer, rounds: number): Promise<Row> {
  const all: number[] = [];
  for (const text of SEARCHES) all.push(...(await searchPages(server, ROOM, text, rounds)));
  const { p50, p99 } = percentiles(all);
  return { 'search p50 ms': rounded(p50, 1), 'search p99 ms': rounded(p99, 1) };
}
