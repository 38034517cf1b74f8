import { acquireSlot } from './slot.ts';
import {
  endpointUrl,
  lostReporter,
  type OpenTransport,
  request,
  type Transport,
  type TransportHandlers,
} from './transport.ts';

/** How long the server may hold a request, in seconds: shorter than the timeouts of proxies. */
const WAIT_S = 25;
/** The extra time for the response to arrive: later it will not come. */
const RESPONSE_S = 10;
/** The pause between two requests. */
const PAUSE_MS = 2_000;

/** Long polling: the server holds each request until there is something to send. */
export const longPolling: Transport = (listener) =>
  acquireSlot(listener, (handlers) => pollRepeatedly(handlers, { waitS: WAIT_S, pauseMs: 0 }));

/** Polling: each request is answered at once, even if there is nothing new. */
export const polling: Transport = (listener) =>
  pollRepeatedly(listener, { waitS: 0, pauseMs: PAUSE_MS });

interface Timing {
  /** How long the server may hold a request. */
  readonly waitS: number;
  readonly pauseMs: number;
}

function pollRepeatedly(listener: TransportHandlers, { waitS, pauseMs }: Timing): OpenTransport {
  let isClosed = false;
  let abort = () => {};
  /** Where this page is with the live reactions. */
  let reactions: string | null = null;
  const once = async (holdS: number) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), (holdS + RESPONSE_S) * 1_000);
    abort = () => stop.abort();
    try {
      const query = new URLSearchParams();
      if (holdS > 0) query.set('wait', `${holdS}`);
      if (reactions !== null) query.set('reactions', reactions);
      const address = endpointUrl(listener, 'messages', `${query}`);
      const response = await request(listener, address, stop.signal);
      const html = await response.text();
      reactions = response.headers.get('Live-Reactions');
      if (!isClosed) listener.onFrame(html);
    } finally {
      clearTimeout(timer);
    }
  };
  const run = async () => {
    // The first is answered at once: it shows that the transport is not blocked.
    await once(0);
    while (!isClosed) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (!isClosed) await once(waitS);
    }
  };
  const reportLost = lostReporter(listener);
  run().catch((error) => {
    if (!isClosed) reportLost(error);
  });
  return {
    close() {
      isClosed = true;
      abort();
    },
  };
}
