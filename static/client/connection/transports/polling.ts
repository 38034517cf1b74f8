import { takeSlot } from './slot.ts';
import { addressOf, type Listener, loseTo, type OpenWay, request, type Way } from './transport.ts';

/** How long the server may hold a request, in seconds: shorter than proxies hold their breath. */
const WAIT_S = 25;
/** A request that is not answered by then is not going to be. */
const ANSWER_MS = (WAIT_S + 10) * 1_000;
/** The pause between two polls. */
const PAUSE_MS = 2_000;

/** Requests that the server holds until there is something to say. */
export const longPoll: Way = (listener) =>
  takeSlot(listener, (held) => ask(held, { query: `wait=${WAIT_S}`, pauseMs: 0 }));

/** Requests that are answered at once, whether there is something to say or not. */
export const poll: Way = (listener) => ask(listener, { query: '', pauseMs: PAUSE_MS });

function ask(listener: Listener, { query, pauseMs }: { query: string; pauseMs: number }): OpenWay {
  let isClosed = false;
  let abort = () => {};
  const once = async (asked: string) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER_MS);
    abort = () => stop.abort();
    try {
      const address = addressOf(listener, 'messages', asked);
      const response = await request(listener, address, stop.signal);
      const html = await response.text();
      if (!isClosed) listener.hear(html);
    } finally {
      clearTimeout(timer);
    }
  };
  const run = async () => {
    // The first is answered at once: it shows that the way is free.
    await once('');
    while (!isClosed) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (!isClosed) await once(query);
    }
  };
  const lose = loseTo(listener);
  run().catch((error) => {
    if (!isClosed) lose(error);
  });
  return {
    close() {
      isClosed = true;
      abort();
    },
  };
}
