import { HISTORY, joinsPerSecond, postHistory } from '../joins.ts';
import { LoadClients } from '../load-clients.ts';
import {
  type Bench,
  clientColumns,
  OVERLOADED,
  onServer,
  type Part,
  type Row,
  rounded,
  rowsOf,
} from '../part.ts';
import { reconnectAll } from '../reconnect.ts';
import type { MeasuredServer } from '../server.ts';

/** How long the room is in use before the clients reconnect, and after. */
const AROUND_MS = 300;
const PER_SECOND = 10;
/** How long the room is in use at most, even if reconnecting takes longer. */
const USE_S = 3;

export const joins: Part = {
  name: 'joins',
  title: `Joins, each with a history of ${HISTORY} messages; and clients that reconnect at once`,
  async *measure(bench) {
    const { seconds, joinsAtOnce: atOnce } = bench.scale;
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, async function* () {
        yield await onServer(contender, seconds, async (server) => {
          await postHistory(server);
          // The first are a warm-up for the compiler.
          await joinsPerSecond(server, { atOnce, seconds: Math.min(1, seconds) });
          const steady = await joinsPerSecond(server, { atOnce, seconds });
          return { ...steady, ...(await reconnect(server, bench)) };
        });
      });
    }
  },
};

/** All reconnect at once, while the others keep using the room. */
async function reconnect(server: MeasuredServer, { scale }: Bench): Promise<Row> {
  const clients = await LoadClients.connect(server, scale.others, { history: HISTORY });
  const seconds = Math.min(USE_S, scale.seconds * 2);
  const running = clients.run({ perSecond: PER_SECOND, seconds, behindS: scale.behindS });
  await new Promise((resolve) => setTimeout(resolve, Math.min(AROUND_MS, seconds * 100)));
  const reconnectMs = await reconnectAll(server, scale.reconnecting);
  const { latencyMs, isSteady, clientCpu } = await running;
  await clients.close();
  const busy = clientColumns(clientCpu);
  return {
    'at once': scale.reconnecting,
    'all reconnected ms': rounded(reconnectMs),
    'others p99 ms': isSteady ? rounded(latencyMs.p99, 1) : null,
    'others max ms': isSteady ? rounded(latencyMs.max, 1) : null,
    ...(busy.note !== '' && { note: busy.note ?? null }),
    ...(!isSteady && { note: OVERLOADED }),
  };
}
