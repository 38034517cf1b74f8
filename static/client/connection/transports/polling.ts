import { acquireSlot } from './slot.ts';
import {
  endpointUrl,
  loseTo,
  type OpenTransport,
  request,
  type Transport,
  type TransportHandlers,
} from './transport.ts';

/** How long the server may hold a request, in seconds: shorter than proxies hold their breath. */
const WAIT_S = 25;
/** How long the answer may be on its way besides: what is not there by then is not going to be. */
const ON_THE_WAY_S = 10;
/** The pause between two polls. */
const PAUSE_MS = 2_000;

/** Requests that the server holds until there is something to say. */
export const longPoll: Transport = (listener) =>
  acquireSlot(listener, (held) => ask(held, { waitS: WAIT_S, pauseMs: 0 }));

/** Requests that are answered at once, whether there is something to say or not. */
export const poll: Transport = (listener) => ask(listener, { waitS: 0, pauseMs: PAUSE_MS });

interface Rhythm {
  /** How long the server may hold a request. */
  readonly waitS: number;
  readonly pauseMs: number;
}

function ask(listener: TransportHandlers, { waitS, pauseMs }: Rhythm): OpenTransport {
  let isClosed = false;
  let abort = () => {};
  const once = async (holdS: number) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), (holdS + ON_THE_WAY_S) * 1_000);
    abort = () => stop.abort();
    try {
      const query = holdS > 0 ? `wait=${holdS}` : '';
      const address = endpointUrl(listener, 'messages', query);
      const response = await request(listener, address, stop.signal);
      const html = await response.text();
      if (!isClosed) listener.onFrame(html);
    } finally {
      clearTimeout(timer);
    }
  };
  const run = async () => {
    // The first is answered at once: it shows that the way is free.
    await once(0);
    while (!isClosed) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (!isClosed) await once(waitS);
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
