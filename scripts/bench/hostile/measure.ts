import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import type { Turns } from './probe.ts';

/** What no request, frame or file may take, on a core that does nothing else. CPU time. */
export const BOUND_MS = 50;
/** One that took less than this is not tried again: it would not take more. */
const ENOUGH_MS = BOUND_MS / 5;
/** One that took more than this is not tried again: nothing else on the machine explains that. */
const HOPELESS_MS = 10 * BOUND_MS;
const TRIES = 3;

/** What a case has cost, at its best. */
export interface Row extends Turns {
  readonly target: string;
  readonly part: string;
  readonly input: string;
  /** What came of it: the status of the answer, say. */
  readonly outcome: string;
  /** The longest turn of the first try, when less was at hand. */
  readonly firstMs: number;
}

/** Sends a case a few times, each time as somebody else: what happens beside it is not its fault. */
export async function measure(
  server: AttackedServer,
  { target, part, input, prepare }: Case,
): Promise<Row> {
  let best: Row | undefined;
  for (let left = TRIES; left > 0; left -= 1) {
    const attempt = await prepare(server);
    await server.turns();
    const outcome = await attempt.send();
    const turns = attempt.isOpenEnded ? await server.settled() : await server.turns();
    attempt.close();
    const firstMs = best?.firstMs ?? turns.longestMs;
    if (!best || turns.longestMs < best.longestMs) {
      best = { target, part, input, outcome, firstMs, ...turns };
    }
    if (best.longestMs < ENOUGH_MS || best.longestMs > HOPELESS_MS) break;
  }
  if (!best) throw new Error('Nothing was measured.');
  return best;
}

/** What is told of a case of which the server has ended. */
export function ended({ target, part, input }: Case): Row {
  const endless = Number.POSITIVE_INFINITY;
  const turns = { longestMs: endless, totalMs: endless, othersMs: 0 };
  return { target, part, input, outcome: 'the server ended', firstMs: endless, ...turns };
}
