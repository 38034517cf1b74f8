import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** How many objects may be held for reuse: a parser's last socket, a timer's last list. */
export const MAX_REUSED = 10;

/**
 * The sockets, requests and responses that the servers of this process create from now on. Nothing
 * here references them: those that are still alive are held by the server.
 */
export function retained(t: TestContext) {
  const created: WeakRef<object>[] = [];
  const note = (message: unknown) => {
    const { socket, request, response } = message as Partial<Record<string, object>>;
    for (const part of [socket, request, response]) if (part) created.push(new WeakRef(part));
  };
  for (const channel of CHANNELS) subscribe(channel, note);
  t.after(() => {
    for (const channel of CHANNELS) unsubscribe(channel, note);
  });
  return {
    get made(): number {
      return created.length;
    },
    /** How many are alive after a garbage collection. */
    async aliveCount(): Promise<number> {
      // A WeakRef read in this turn of the event loop is kept alive until the next.
      for (let round = 0; round < 5; round += 1) {
        await new Promise(setImmediate);
        collect();
      }
      return created.filter((ref) => ref.deref()).length;
    },
  };
}

const CHANNELS = ['net.server.socket', 'http.server.request.start'] as const;
