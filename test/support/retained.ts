import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What may be kept for reuse: a parser's last socket, a timer's last list. */
export const FEW = 10;

/**
 * The sockets, requests and responses that the servers of this process create from now on, not held
 * by anything here: those that are still alive are held by the server.
 */
export function retained(t: TestContext) {
  const made: WeakRef<object>[] = [];
  const note = (message: unknown) => {
    const { socket, request, response } = message as Partial<Record<string, object>>;
    for (const part of [socket, request, response]) if (part) made.push(new WeakRef(part));
  };
  for (const channel of CHANNELS) subscribe(channel, note);
  t.after(() => {
    for (const channel of CHANNELS) unsubscribe(channel, note);
  });
  return {
    get made(): number {
      return made.length;
    },
    /** How many are left after a garbage collection. */
    async left(): Promise<number> {
      // A WeakRef read in this turn of the event loop is kept alive until the next.
      for (let round = 0; round < 5; round += 1) {
        await new Promise(setImmediate);
        collect();
      }
      return made.filter((ref) => ref.deref()).length;
    },
  };
}

const CHANNELS = ['net.server.socket', 'http.server.request.start'] as const;
