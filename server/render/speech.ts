import type { Refusal } from '../errors.ts';
import { type Language, say } from '../words.ts';
import type { Fragment } from './fragment.ts';
import { template } from './templates.ts';

export interface Welcome {
  readonly uid: string;
  /** Proves to the server, next time, that the client is this visitor. */
  readonly token: string;
}

/** What there is to say to a client, each thing as one text. */
export interface Speech {
  readonly type: 'html' | 'json';
  message(fragment: Fragment): string;
  /** Who the client is to the server. */
  welcome(welcome: Welcome): string;
  /** What came before is not the whole: the client forgets it, and what follows begins anew. */
  gap(): string;
  /** The client has all there is, up to the cursor; from here on it hears what happens. */
  live(cursor: string): string;
  /** What was refused, and why. */
  notice(refusal: Refusal, language: Language, cid: string | null): string;
}

const signal = template<{ name: string; data: Readonly<Record<string, string>> }>('signal');
const notice = template<{ code: string; cid: string | null; text: string }>('notice');

/** Fragments, for pages. */
export const html: Speech = {
  type: 'html',
  message: (fragment) => fragment.html,
  welcome: ({ uid, token }) => signal({ name: 'welcome', data: { uid, token } }),
  gap: () => signal({ name: 'gap', data: {} }),
  live: (cursor) => signal({ name: 'live', data: { cursor } }),
  notice: ({ code, details }, language, cid) =>
    notice({ code, cid, text: say(language, code, details) }),
};

/** Events, for programs. */
export const json: Speech = {
  type: 'json',
  message: (fragment) => fragment.json,
  welcome: (welcome) => JSON.stringify({ type: 'welcome', ...welcome }),
  gap: () => JSON.stringify({ type: 'gap' }),
  live: (cursor) => JSON.stringify({ type: 'live', cursor }),
  notice: ({ code, details }, language, cid) =>
    JSON.stringify({ type: 'notice', code, cid, text: say(language, code, details) }),
};
