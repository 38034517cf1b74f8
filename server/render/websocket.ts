import { say } from '../words.ts';
import type { Encoding } from './encoding.ts';
import { textFrames } from './frame.ts';
import { template } from './templates.ts';

const signal = template<{ name: string; data: Readonly<Record<string, string>> }>('signal');
const notice = template<{ code: string; cid: string | null; text: string }>('notice');

const nothing = Buffer.alloc(0);

/** Fragments of HTML, one a frame: what the page speaks. */
export const html: Encoding = {
  welcome: ({ uid, token }) => textFrames([signal({ name: 'welcome', data: { uid, token } })]),
  messages: (fragments) => textFrames(fragments.map((fragment) => fragment.html)),
  gap: () => textFrames([signal({ name: 'gap', data: {} })]),
  live: (cursor) => textFrames([signal({ name: 'live', data: { cursor } })]),
  notice: ({ code, details }, language, cid) =>
    textFrames([notice({ code, cid, text: say(language, code, details) })]),
};

/** Tornado's contract: the bare uid first, then messages and nothing but messages and notices. */
export const tornado: Encoding = {
  ...html,
  welcome: ({ uid }) => textFrames([uid]),
  gap: () => nothing,
  live: () => nothing,
};

/** Events as JSON, one a frame, for programs. */
export const json: Encoding = {
  welcome: (welcome) => textFrames([JSON.stringify({ type: 'welcome', ...welcome })]),
  messages: (fragments) => textFrames(fragments.map((fragment) => fragment.json)),
  gap: () => textFrames([JSON.stringify({ type: 'gap' })]),
  live: (cursor) => textFrames([JSON.stringify({ type: 'live', cursor })]),
  notice: ({ code, details }, language, cid) =>
    textFrames([JSON.stringify({ type: 'notice', code, cid, text: say(language, code, details) })]),
};
