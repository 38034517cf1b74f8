import { comeBack } from '../back.ts';
import { Crowd } from '../crowd.ts';
import { HISTORY, joinsPerSecond, sayHistory } from '../joins.ts';
import {
  type Bench,
  clients,
  OVERLOADED,
  onServer,
  type Part,
  type Row,
  rounded,
  rowsOf,
} from '../part.ts';
import type { MeasuredServer } from '../server.ts';

/** The room is in use for a while before all reconnect, and after. */
const AROUND_MS = 300;
const PER_SECOND = 10;
/** How long the room is in use at most, even if reconnecting takes longer. */
const BACK_S = 3;

export const joins: Part = {
  name: 'joins',
  title: `Joins, each with a history of ${HISTORY} messages; and all who come back at once`,
  async *measure(bench) {
    const { seconds, joinsAtOnce: atOnce } = bench.scale;
    for (const contender of bench.contenders) {
      yield* rowsOf(contender, async function* () {
        yield await onServer(contender, seconds, async (server) => {
          await sayHistory(server);
          // The first are a warm-up for the compiler.
          await joinsPerSecond(server, { atOnce, seconds: Math.min(1, seconds) });
          const steady = await joinsPerSecond(server, { atOnce, seconds });
          return { ...steady, ...(await back(server, bench)) };
        });
      });
    }
  },
};

/** All reconnect at once, while the others keep using the room. */
async function back(server: MeasuredServer, { scale }: Bench): Promise<Row> {
  const crowd = await Crowd.gather(server, scale.others, { history: HISTORY });
  const seconds = Math.min(BACK_S, scale.seconds * 2);
  const going = crowd.run({ perSecond: PER_SECOND, seconds, behindS: scale.behindS });
  await new Promise((resolve) => setTimeout(resolve, Math.min(AROUND_MS, seconds * 100)));
  const backMs = await comeBack(server, scale.back);
  const { latencyMs, isSteady, clientCpu } = await going;
  await crowd.leave();
  const busy = clients(clientCpu);
  return {
    'at once': scale.back,
    'all back ms': rounded(backMs),
    'others p99 ms': isSteady ? rounded(latencyMs.p99, 1) : null,
    'others max ms': isSteady ? rounded(latencyMs.max, 1) : null,
    ...(busy.note !== '' && { note: busy.note ?? null }),
    ...(!isSteady && { note: OVERLOADED }),
  };
}
