import type { Message } from '../../core/message.ts';
import { roomPath } from '../../shared/routes.ts';
import { template } from '../../templates.ts';
import { allLanguages, hueOf, shortUid } from './display-name.ts';
import { type Quote, readQuote } from './quote.ts';

const render = template<
  Quote & { path: string; hue: number; shortId: string; t: typeof allLanguages }
>('quote');

/** The quote that a reply shows; empty if it is no reply. */
export function quoteHtml(message: Message): string {
  const quote = readQuote(message);
  if (!quote) return '';
  const { uid } = quote;
  const path = roomPath(message.room);
  return render({
    ...quote,
    path,
    hue: hueOf(uid),
    shortId: shortUid(uid),
    t: allLanguages,
  });
}
