import { acquireSlot } from './slot.ts';
import {
  endpointUrl,
  lostReporter,
  request,
  type Transport,
  type TransportHandlers,
} from './transport.ts';

/**
 * Server-sent events: one response that does not end. It is parsed here, as an EventSource cannot
 * send a token, and does not report why access is denied.
 */
export const eventStream: Transport = (listener) =>
  acquireSlot(listener, (handlers) => {
    const stop = new AbortController();
    const reportLost = lostReporter(handlers);
    follow(handlers, stop.signal).then(
      () => handlers.onLost(),
      (error) => stop.signal.aborted || reportLost(error),
    );
    return { close: () => stop.abort() };
  });

async function follow(listener: TransportHandlers, signal: AbortSignal): Promise<void> {
  const { body } = await request(listener, endpointUrl(listener, 'events'), signal);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done = true, value = '' } = (await reader?.read()) ?? {};
    if (done) return;
    const events = (text + value).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = dataOf(event);
      if (data !== '') listener.onFrame(data);
    }
  }
}

/** The data of an event (HTML, section 9.2.6). The server ends lines with `\n` only. */
function dataOf(event: string): string {
  const lines = event.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => line.slice('data: '.length)).join('\n');
}
