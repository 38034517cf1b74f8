import type { Message } from '../store/message.ts';
import { languages, say, type Word } from '../words.ts';
import { template } from './templates.ts';

/** How many colours the visitors share; chat.css has a rule for each. */
const HUES = 12;

const render = template<{
  readonly id: number;
  readonly seq: number;
  readonly uid: string;
  readonly cid: string | null;
  readonly name: string;
  readonly hue: number;
  readonly at: string;
  readonly lines: readonly string[];
  say(word: Word): string;
}>('message');

/** A message rendered: the same bytes for every viewer, however they reach us. */
export interface Fragment {
  readonly id: number;
  readonly seq: number;
  readonly html: string;
  /** The same for programs, as JSON. */
  readonly json: string;
}

export function fragment(message: Message): Fragment {
  const { id, seq, room, uid, cid, body } = message;
  const at = new Date(message.at).toISOString();
  const hue = Number.parseInt(uid.slice(0, 4), 16) % HUES;
  const lines = body.split('\n');
  return {
    id,
    seq,
    html: render({
      id,
      seq,
      uid,
      cid,
      name: uid.slice(0, 6),
      hue,
      at,
      lines,
      say: inEveryLanguage,
    }),
    get json() {
      return JSON.stringify({ type: 'message', id, seq, room, uid, cid, body, at });
    },
  };
}

/** A word as markup, for what everybody gets alike: in each language, and the page shows its own. */
function inEveryLanguage(word: Word): string {
  return languages.map((l) => `<span lang="${l}">${say(l, word)}</span>`).join('');
}
