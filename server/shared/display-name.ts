import { type Language, t } from './i18n.ts';
import { shortUid } from './short-uid.ts';

/** Isolates a name in other text, whatever its direction (UAX 9). */
const ISOLATE = { first: '\u2068', last: '\u2069' } as const;

/** The first digit of a uid selects the user's colour: chat.css has a rule for each. */
export function hueOf(uid: string): string {
  return uid.slice(0, 1);
}

export function isolate(text: string): string {
  return ISOLATE.first + text + ISOLATE.last;
}

/** The name of a user in a sentence. */
export function displayName(
  language: Language,
  { uid, name }: { readonly uid: string; readonly name: string | null },
): string {
  const displayed = name ?? `${t(language, 'guest')} ${shortUid(uid)}`;
  return isolate(displayed);
}
