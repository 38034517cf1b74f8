import { fold } from '../../../server/shared/fold.ts';
import { POLL_COMMANDS } from '../../../server/shared/poll-commands.ts';
import { language, t } from '../lib/messages.ts';
import {
  type CompletionContext,
  completionContext,
  namesFor,
  readCompleteEmoji,
} from './completion-context.ts';
import type { Mentionable } from './mentionable.ts';

/** A completion of the text. */
interface Suggestion {
  readonly insert: string;
  readonly shown: string;
  readonly hint: string;
}

export interface Suggested {
  readonly context: CompletionContext;
  readonly all: readonly Suggestion[];
}

const MAX_SUGGESTIONS = 8;
/** A name that needs no quotes in a mention; see server/features/messages/markdown/mention.ts. */
const ONE_WORD = /^[\p{L}\p{N}\p{M}]+(?:[._'’-][\p{L}\p{N}\p{M}]+)*$/u;

const COMMANDS: readonly Suggestion[] = [
  { insert: '/me ', shown: '/me', hint: t('command-me') },
  ...POLL_COMMANDS.map((name) => ({
    insert: `/${name} "`,
    shown: `/${name}`,
    hint: t(`command-${name}`),
  })),
  { insert: '/help', shown: '/help', hint: t('command-help') },
];

/** Suggestions for the text before the caret. */
export async function getSuggestions(
  before: string,
  people: () => Promise<readonly Mentionable[]>,
): Promise<Suggested | undefined> {
  const begun = completionContext(before);
  if (!begun) return undefined;
  const { kind, from, text } = begun;
  const all =
    kind === 'command'
      ? COMMANDS.filter(({ shown }) => shown.startsWith(`/${text.toLowerCase()}`))
      : kind === 'name'
        ? mentionsFor(text, await people())
        : await emojiFor(text);
  // Nothing if the text is already complete.
  const isDone = all.length === 1 && all[0]?.insert.trim() === before.slice(from);
  if (all.length === 0 || isDone) return undefined;
  const isMeant = begun.isMeant && (kind !== 'name' || isPrefixOfFirst(text, all));
  return { context: { ...begun, isMeant }, all };
}

/** Whether a text begins the first of the names, and is none of them itself. */
function isPrefixOfFirst(text: string, names: readonly Suggestion[]): boolean {
  const begun = fold(text);
  const all = names.map(({ shown }) => fold(shown));
  return Boolean(all[0]?.startsWith(begun)) && !all.includes(begun);
}

/** The emoji whose name was typed up to its second colon, and where it begins. */
export async function completeEmoji(
  before: string,
): Promise<{ readonly from: number; readonly emoji: string } | undefined> {
  const written = readCompleteEmoji(before);
  if (!written) return undefined;
  const { emojiCalled } = await import('../lib/emoji.ts');
  const emoji = emojiCalled(written.text);
  return emoji === undefined ? undefined : { from: written.from, emoji };
}

async function emojiFor(text: string): Promise<readonly Suggestion[]> {
  // The list is long: it is loaded when the user wants an emoji.
  const { findEmoji } = await import('../lib/emoji.ts');
  return findEmoji(text, MAX_SUGGESTIONS).map(({ emoji, codes, keywords }) => ({
    insert: `${emoji} `,
    shown: emoji,
    hint: `:${codes[0]}: ${language === 'zh' ? (keywords[0] ?? '') : ''}`,
  }));
}

/** Who is online comes first. */
function mentionsFor(text: string, people: readonly Mentionable[]): readonly Suggestion[] {
  const online = people.filter(({ isAway }) => !isAway).map(({ name }) => name);
  const away = people.filter(({ isAway }) => isAway).map(({ name }) => name);
  return [
    ...namesFor(text, online).map((name) => asMention(name, '')),
    ...namesFor(text, away).map((name) => asMention(name, t('away'))),
  ].slice(0, MAX_SUGGESTIONS);
}

function asMention(name: string, hint: string): Suggestion {
  return { insert: `@${ONE_WORD.test(name) ? name : `"${name}"`} `, shown: name, hint };
}
