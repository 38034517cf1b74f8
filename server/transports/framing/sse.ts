import type { Encoding } from '../../core/framing.ts';
import { html, json, type Speech } from './format.ts';

/** Server-sent events carry each text as an event whose id is the cursor after it. */
function eventStream(speech: Speech): Encoding {
  return {
    type: speech.type,
    isNewOnly: false,
    messages: (fragments, epoch, isAnew) =>
      Buffer.from(
        (isAnew ? event(speech.gap()) : '') +
          fragments.map((f) => event(speech.message(f), `${epoch}.${f.seq}`)).join(''),
      ),
    gap: () => Buffer.from(event(speech.gap())),
    beside: (tell) =>
      Buffer.from(
        tell(speech)
          .map((text) => event(text))
          .join(''),
      ),
    live: (cursor) => Buffer.from(event(speech.live(cursor), cursor)),
  };
}

export const eventStreamHtml = eventStream(html);
export const eventStreamJson = eventStream(json);

/** The wait before a client that was cut off comes back, in the stream's own words. */
export function retry(ms: number): Buffer {
  return Buffer.from(`retry: ${Math.round(ms)}\n\n`);
}

/** An event of a stream (HTML, section 9.2.6): every line of its text is a line of data. */
function event(text: string, id?: string): string {
  const data = text.replaceAll('\n', '\ndata: ');
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}
