import type { TextType } from '../../core/fragment.ts';
import type { Message } from '../../core/message.ts';
import type { MessageKey } from '../../shared/i18n.ts';
import { roomPath } from '../../shared/routes.ts';
import { template } from '../../templates.ts';
import { filesHtml, filesJson } from '../attachments/attachments-view.ts';
import { systemMessageHtml } from '../moderation/system-message-view.ts';
import { pollHtml, pollJson } from '../polls/poll-view.ts';
import { readReactions } from '../reactions/reaction.ts';
import { reactionsHtml } from '../reactions/reactions-view.ts';
import { renderBody } from './body.ts';
import { allLanguages, hueOf, shortUid } from './display-name.ts';
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
  readonly hue: number;
  readonly path: string;
  readonly at: string;
  readonly isDeleted: boolean;
  /** Whether it is an emote (`/me`). */
  readonly isEmote: boolean;
  readonly isLarge: boolean;
  /** Empty if it has no text. */
  readonly body: string;
  /** Its attachments, as HTML. */
  readonly files: string;
  /** When its author last edited it. */
  readonly edited: string | undefined;
  readonly quote: string;
  readonly tools: string;
  t(key: MessageKey): string;
}>('message');

/** Renders a message. */
export type Render = (message: Message, type: TextType) => string;

export const render: Render = (message, type) =>
  type === 'html' ? HTML[message.kind](message) : json(message);

const HTML = {
  message: messageHtml,
  deleted: messageHtml,
  system: systemMessageHtml,
  poll: pollHtml,
} as const;

function messageHtml(message: Message): string {
  const { id, seq, kind, room, uid, name, cid, body, at, edited } = message;
  return messageTemplate({
    id,
    seq,
    uid,
    cid,
    name,
    shortId: shortUid(uid),
    hue: hueOf(uid),
    path: roomPath(room),
    at: new Date(at).toISOString(),
    isDeleted: kind === 'deleted',
    ...renderBody(body),
    files: filesHtml(message),
    edited: isoTime(edited),
    quote: quoteHtml(message),
    tools: kind === 'deleted' ? '' : reactionsHtml(message),
    t: allLanguages,
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
    const asked = { ...pollJson(message), reactions };
    return JSON.stringify({ type: 'poll', id, seq, room, uid, name, cid, ...asked, at: when });
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

function isoTime(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}
