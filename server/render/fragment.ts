import type { Message } from '../store/message.ts';
import type { Word } from '../words.ts';
import { actHtml } from './act.ts';
import { bodyOf } from './body.ts';
import { pollHtml, pollJson } from './poll.ts';
import { template } from './templates.ts';
import { hueOf, inEveryLanguage, shortUid } from './words.ts';

const render = template<{
  readonly id: number;
  readonly seq: number;
  readonly uid: string;
  readonly cid: string | null;
  readonly name: string | null;
  /** What one without a name is told by. */
  readonly visitor: string;
  readonly hue: number;
  readonly at: string;
  readonly isDeleted: boolean;
  /** Whether it tells what its author does. */
  readonly isEmote: boolean;
  readonly isLarge: boolean;
  readonly body: string;
  say(word: Word): string;
}>('message');

/** A message rendered: the same bytes for every viewer, however they reach us. */
export interface Fragment {
  readonly id: number;
  readonly seq: number;
  /** Whether it is a message that nothing has changed since. */
  readonly isNew: boolean;
  readonly html: string;
  /** The same for programs, as JSON. */
  readonly json: string;
}

export function fragment(message: Message): Fragment {
  const { id, seq, kind } = message;
  return {
    id,
    seq,
    isNew: (kind === 'said' || kind === 'poll') && id === seq,
    html: RENDER[kind](message),
    get json() {
      return json(message);
    },
  };
}

const RENDER = { said: messageHtml, deleted: messageHtml, act: actHtml, poll: pollHtml } as const;

function messageHtml({ id, seq, kind, uid, name, cid, body, at }: Message): string {
  return render({
    id,
    seq,
    uid,
    cid,
    name,
    visitor: shortUid(uid),
    hue: hueOf(uid),
    at: new Date(at).toISOString(),
    isDeleted: kind === 'deleted',
    ...bodyOf(body),
    say: inEveryLanguage,
  });
}

function json(message: Message): string {
  const { id, seq, kind, room, uid, name, cid, body, at } = message;
  const when = new Date(at).toISOString();
  if (kind === 'act') {
    return JSON.stringify({ type: 'act', id, seq, room, uid, name, ...JSON.parse(body), at: when });
  }
  if (kind === 'poll') {
    const asked = pollJson(message);
    return JSON.stringify({ type: 'poll', id, seq, room, uid, name, cid, ...asked, at: when });
  }
  const type = kind === 'deleted' ? 'deleted' : 'message';
  return JSON.stringify({ type, id, seq, room, uid, name, cid, body, at: when });
}
