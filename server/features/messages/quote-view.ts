import type { Message } from '../../core/message.ts';
import { hueOf } from '../../shared/display-name.ts';
import { type Language, type Translate, translator } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { template } from '../../templates.ts';
import { type Quote, readQuote } from './quote.ts';

const render = template<Quote & { path: string; hue: string; shortId: string; t: Translate }>(
  'quote',
);

/** The quote that a reply shows; empty if it is no reply. */
export function quoteHtml(message: Message, language: Language): string {
  const quote = readQuote(message);
  if (!quote) return '';
  const { uid } = quote;
  const path = roomPath(message.room);
  return render({
    ...quote,
    path,
    hue: hueOf(uid),
    shortId: shortUid(uid),
    t: translator(language),
  });
}
