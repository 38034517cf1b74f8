import { cursorAt } from '../../core/cursor.ts';
import type { TextType } from '../../core/fragment.ts';
import type { Framing } from '../../core/framing.ts';
import { oncePer } from '../../shared/once-per.ts';
import { formatOf } from './format.ts';

/** Server-sent events carry each text as an event whose id is the cursor after it. */
export const sseFraming = oncePer((type: TextType): Framing => {
  const format = formatOf(type);
  return {
    type,
    isAppendOnly: false,
    messages: (fragments, epoch, isReset) =>
      Buffer.from(
        (isReset ? event(format.reset()) : '') +
          fragments.map((f) => event(format.message(f), cursorAt(f, epoch))).join(''),
      ),
    reset: () => Buffer.from(event(format.reset())),
    ephemeral: (message) =>
      Buffer.from(
        message(format.type)
          .map((text) => event(text))
          .join(''),
      ),
    synced: (cursor) => Buffer.from(event(format.synced(cursor), cursor)),
  };
});

/** How long a disconnected client waits before it reconnects: the `retry` of the stream. */
export function retry(ms: number): Buffer {
  return Buffer.from(`retry: ${Math.round(ms)}\n\n`);
}

/** An event of a stream (HTML, section 9.2.6): every line of its text is a `data` field. */
function event(text: string, id?: string): string {
  const data = text.replaceAll('\n', '\ndata: ');
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}
