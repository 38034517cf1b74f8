import type { AttackedServer } from './attacked-server.ts';
import type { Case } from './case.ts';
import type { Turns } from './probe.ts';

/** The maximum CPU time of any request, frame or file, on an otherwise idle core. */
export const BOUND_MS = 50;
/** A case that took less than this is not tried again: it is fast enough. */
const ENOUGH_MS = BOUND_MS / 5;
/** A case that took more than this is not tried again: other load cannot explain it. */
const HOPELESS_MS = 10 * BOUND_MS;
const TRIES = 3;

/** The cost of a case, at its best. */
export interface Row extends Turns {
  readonly target: string;
  readonly part: string;
  readonly input: string;
  /** The outcome: for example, the status of the response. */
  readonly outcome: string;
  /** The longest turn of the first try, with colder caches. */
  readonly firstMs: number;
}

/** Sends a case a few times, each as another user: other load on the machine does not count. */
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

/** The row of a case that ended the server. */
export function ended({ target, part, input }: Case): Row {
  const endless = Number.POSITIVE_INFINITY;
  const turns = { longestMs: endless, totalMs: endless, othersMs: 0 };
  return { target, part, input, outcome: 'the server ended', firstMs: endless, ...turns };
}
