import type { ChatError } from '../../core/errors.ts';
import type { Fragment, TextType } from '../../core/fragment.ts';
import { type Language, t } from '../../shared/i18n.ts';
import { oncePer } from '../../shared/once-per.ts';
import { signal, template } from '../../templates.ts';

interface Welcome {
  readonly uid: string;
  readonly name: string | null;
  /** Proves to the server, next time, that the client is this guest; `null` for a session. */
  readonly token: string | null;
  readonly isModerator: boolean;
  /** The uids that a user had as a guest. */
  readonly formerGuests: readonly string[];
}

/** All that can be sent to a client, each message as one text. */
export interface Format {
  readonly type: TextType;
  message(fragment: Fragment): string;
  /** Who the client is. */
  welcome(welcome: Welcome): string;
  /** A command with this client id was executed, and concerned the message `id` if any. */
  ack(cid: string, id: number | null): string;
  /** What the client has can't be continued: it starts again with what follows. */
  reset(): string;
  /** The client is live: it has everything up to the cursor. The server's time is included. */
  synced(cursor: string): string;
  /** A refused request, and why. */
  error(refusal: ChatError, language: Language, cid: string | null): string;
}

const notice = template<{ code: string; cid: string | null; text: string }>('error-notice');

/** The format of what is sent as this type. */
export const formatOf = oncePer(
  (type: TextType): Format => (type === 'json' ? json : htmlFormat(type)),
);

/** Fragments in a language, for pages. */
const htmlFormat = (language: Language): Format => ({
  type: language,
  message: (fragment) => fragment.text(language),
  welcome: ({ uid, name, token, isModerator, formerGuests }) => {
    const former = formerGuests.length > 0 ? formerGuests.join(' ') : null;
    const data = { uid, name, token, moderator: isModerator, 'former-guests': former };
    return signal({ name: 'welcome', data });
  },
  ack: (cid, id) => signal({ name: 'ack', data: { cid, message: id } }),
  reset: () => signal({ name: 'reset', data: {} }),
  synced: (cursor) => signal({ name: 'synced', data: { cursor, at: Date.now() } }),
  error: ({ code, details }, _, cid) => notice({ code, cid, text: t(language, code, details) }),
});

/** JSON, for programs. */
const json: Format = {
  type: 'json',
  message: (fragment) => fragment.text('json'),
  // Only what a page is sent as well: neither the session nor an address.
  welcome: ({ uid, name, token, isModerator, formerGuests }) =>
    JSON.stringify({ type: 'welcome', uid, name, token, isModerator, formerGuests }),
  ack: (cid, id) => JSON.stringify({ type: 'ack', cid, id }),
  reset: () => JSON.stringify({ type: 'reset' }),
  synced: (cursor) => JSON.stringify({ type: 'synced', cursor, at: Date.now() }),
  error: ({ code, details }, language, cid) =>
    JSON.stringify({ type: 'error', code, cid, text: t(language, code, details) }),
};
