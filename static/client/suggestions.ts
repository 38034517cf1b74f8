import { fold } from '../../server/fold.ts';
import { language, say } from './words.ts';

/** What can be put in the place of what was begun. */
export interface Suggestion {
  readonly insert: string;
  readonly shown: string;
  readonly hint: string;
}

export interface Suggested {
  /** Where in the text it begins that is completed. */
  readonly from: number;
  readonly kind: 'name' | 'emoji' | 'command';
  readonly all: readonly Suggestion[];
}

const MOST = 8;
/** Behind such a character an `@` belongs to an address. */
const NAME = /(?<![\w.+@/-])@("?)([^\s@"]{0,32})$/u;
/** A face such as `:D` or `:)` is none. */
const EMOJI = /(?<![\w:/]):((?:[a-z0-9_+-]{2}|[+-]|\p{Script=Han})[\w+\p{Script=Han}-]{0,30})$/iu;
const WHOLE_EMOJI = /(?<![\w:/]):([a-z0-9_+-]{2,40}):$/i;
const COMMAND = /^\/([a-z]*)$/i;
/** A name that needs no quotes in a mention; see server/render/mention.ts. */
const ONE_WORD = /^[\p{L}\p{N}\p{M}]+(?:[._'’-][\p{L}\p{N}\p{M}]+)*$/u;

const COMMANDS: readonly Suggestion[] = [
  { insert: '/me ', shown: '/me', hint: say('command-me') },
  { insert: '/poll "', shown: '/poll', hint: say('command-poll') },
  { insert: '/rate "', shown: '/rate', hint: say('command-rate') },
  { insert: '/words "', shown: '/words', hint: say('command-words') },
  { insert: '/questions "', shown: '/questions', hint: say('command-questions') },
  { insert: '/help', shown: '/help', hint: say('command-help') },
];

/** What the text before the caret may be the beginning of. */
export async function suggest(
  before: string,
  names: () => readonly string[],
): Promise<Suggested | undefined> {
  const command = COMMAND.exec(before);
  if (command) return found('command', 0, before, COMMANDS.filter(begins(before)));
  const mention = NAME.exec(before);
  if (mention) {
    const [whole, , begun = ''] = mention;
    const fitting = names().filter((name) => fold(name).includes(fold(begun)));
    return found('name', mention.index, whole, fitting.map(asMention).slice(0, MOST));
  }
  const emoji = EMOJI.exec(before);
  if (!emoji) return undefined;
  const [whole, begun = ''] = emoji;
  // The list is long: it is brought when somebody wants an emoji.
  const { findEmoji } = await import('./emoji.ts');
  const all = findEmoji(begun, MOST).map(({ emoji, codes, words }) => ({
    insert: `${emoji} `,
    shown: emoji,
    hint: `:${codes[0]}: ${language === 'zh' ? (words[0] ?? '') : ''}`,
  }));
  return found('emoji', emoji.index, whole, all);
}

/** The emoji for a name that was written to its second colon, and where it begins. */
export async function wholeEmoji(
  before: string,
): Promise<{ readonly from: number; readonly emoji: string } | undefined> {
  const written = WHOLE_EMOJI.exec(before);
  if (!written) return undefined;
  const { emojiCalled } = await import('./emoji.ts');
  const emoji = emojiCalled(written[1] ?? '');
  return emoji === undefined ? undefined : { from: written.index, emoji };
}

/** Nothing where what is there is already what would be put there. */
function found(
  kind: Suggested['kind'],
  from: number,
  written: string,
  all: readonly Suggestion[],
): Suggested | undefined {
  const isDone = all.length === 1 && all[0]?.insert.trim() === written;
  return all.length === 0 || isDone ? undefined : { kind, from, all };
}

function begins(text: string): (suggestion: Suggestion) => boolean {
  return ({ shown }) => shown.startsWith(text.toLowerCase());
}

function asMention(name: string): Suggestion {
  return { insert: `@${ONE_WORD.test(name) ? name : `"${name}"`} `, shown: name, hint: '' };
}
