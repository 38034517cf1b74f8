import type { TextType } from '../../core/fragment.ts';
import type { Message } from '../../core/message.ts';
import { type Language, type Translate, translator } from '../../shared/i18n.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { template } from '../../templates.ts';
import { filesHtml, filesJson } from '../attachments/attachments-view.ts';
import { systemMessageHtml } from '../moderation/system-message-view.ts';
import { pollHtml, pollJson } from '../polls/poll-view.ts';
import { readReactions } from '../reactions/reaction.ts';
import { reactionsHtml } from '../reactions/reactions-view.ts';
import { renderBody } from './body.ts';
import { readQuote } from './quote.ts';
import { quoteHtml } from './quote-view.ts';

const messageTemplate = template<{
  readonly id: number;
  readonly seq: number;
  readonly uid: string;
  readonly cid: string | null;
  readonly name: string | null;
  /** What tells guests apart. */
  readonly shortId: string;
  /** When it was posted: a date and time in UTC (HTML, section 2.3.5.7). */
  readonly at: string;
  readonly isDeleted: boolean;
  /** Whether it is an emote (`/me`). */
  readonly isEmote: boolean;
  readonly isLarge: boolean;
  readonly hasRtl: boolean;
  /** Empty if it has no text. */
  readonly body: string;
  /** Its attachments, as HTML. */
  readonly files: string;
  /** When its author last edited it. */
  readonly edited: string | undefined;
  readonly quote: string;
  readonly reactions: string;
  readonly t: Translate;
}>('message');

/** Renders a message. */
export type Render = (message: Message, type: TextType) => string;

export const render: Render = (message, type) =>
  type === 'json' ? json(message) : HTML[message.kind](message, type);

const HTML = {
  message: messageHtml,
  deleted: messageHtml,
  system: systemMessageHtml,
  poll: pollHtml,
} as const;

function messageHtml(message: Message, language: Language): string {
  const { id, seq, kind, uid, name, cid, body, at, edited } = message;
  return messageTemplate({
    id,
    seq,
    uid,
    cid,
    name,
    shortId: shortUid(uid),
    at: shortTime(at),
    isDeleted: kind === 'deleted',
    ...renderBody(body),
    files: filesHtml(message),
    edited: edited === null ? undefined : shortTime(edited),
    quote: quoteHtml(message, language),
    reactions: kind === 'deleted' ? '' : reactionsHtml(message, language),
    t: translator(language),
  });
}

function json(message: Message): string {
  const { id, seq, kind, room, uid, name, cid, body, at } = message;
  const when = new Date(at).toISOString();
  if (kind === 'system') {
    return JSON.stringify({
      type: 'system',
      id,
      seq,
      room,
      uid,
      name,
      ...JSON.parse(body),
      at: when,
    });
  }
  if (kind === 'deleted') {
    return JSON.stringify({ type: 'deleted', id, seq, room, uid, name, cid, body, at: when });
  }
  const reactions = readReactions(message);
  if (kind === 'poll') {
    const poll = { ...pollJson(message), reactions };
    return JSON.stringify({ type: 'poll', id, seq, room, uid, name, cid, ...poll, at: when });
  }
  const edited = isoTime(message.edited) ?? null;
  const edits = { edited, reply: readQuote(message) ?? null, reactions };
  const files = filesJson(message);
  return JSON.stringify({
    ...{ type: 'message', id, seq, room, uid, name, cid, body, at: when },
    ...(files.length > 0 && { files }),
    ...edits,
  });
}

/** To the second: "2026-01-31 12:00:00Z". */
function shortTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

function isoTime(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}
