import { fold } from '../../../server/shared/fold.ts';

/** What can be completed at the end of the text before the caret. */
export interface CompletionContext {
  readonly kind: 'name' | 'emoji' | 'command';
  /** Where it begins in the text. */
  readonly from: number;
  /** What is typed of it, without the sign before it. */
  readonly text: string;
  /**
   * Whether it can hardly be anything else: Enter accepts the first of the list that opens. In any
   * other list an option has to be selected first, as Enter without a selection is meant to send.
   */
  readonly isMeant: boolean;
}

/** Some Chinese input methods type `、` by the key of the slash, and letters of full width. */
const COMMAND = /^(?:[/／]([a-zａ-ｚ]*)|、([a-zａ-ｚ]+))$/iu;
/** After such a character an `@` belongs to an address; mentions may be separated by a slash. */
const NAME = /(?<![\w.+@＠-])(?<!(?<![@＠][^\s@＠/]{1,32})\/)[@＠](["“＂]?)([^\s@＠"“”＂]{0,32})$/u;
/** Emoticons such as `:D`, `:-P` and `:)` are not emoji names; `12:30` is a time. */
const EMOJI = /(?<![\w:/]):([a-z][\w+-]{1,39}|[+-]1?|\d[\w-]{1,39}|\p{Script=Han}{1,20})$/iu;
const LATIN = /^[a-z]{2}/i;
const IN_WORD = /[\p{L}\p{N}\p{M}]$/u;
const WHOLE_EMOJI = /(?<![\w:/]):([a-z0-9_+-]{2,40})[:：]$/i;
/** `：` ends a phrase in Chinese: only before Latin letters, and after no word, it begins an emoji. */
const FULL_WIDTH_EMOJI = /(?<![\p{L}\p{N}\p{M}_:：/])：([a-z]{2}[\w+-]{0,38})$/iu;
const WHOLE_FULL_WIDTH = /(?<![\p{L}\p{N}\p{M}_:：/])：([a-z]{2}[\w+-]{0,38})[:：]$/iu;

export function completionContext(before: string): CompletionContext | undefined {
  const command = COMMAND.exec(before);
  if (command) {
    const [, afterSlash, afterComma = ''] = command;
    const text = (afterSlash ?? afterComma).normalize('NFKC');
    return { kind: 'command', from: 0, text, isMeant: Boolean(afterSlash) };
  }
  const name = NAME.exec(before);
  if (name) {
    const [, , text = ''] = name;
    return { kind: 'name', from: name.index, text, isMeant: text !== '' };
  }
  const emoji = EMOJI.exec(before) ?? FULL_WIDTH_EMOJI.exec(before);
  if (!emoji) return undefined;
  const [, text = ''] = emoji;
  const isMeant = LATIN.test(text) && !isInWord(before, emoji.index);
  return { kind: 'emoji', from: emoji.index, text, isMeant };
}

/** The emoji name that was typed up to its second colon, and where it begins. */
export function readCompleteEmoji(
  before: string,
): Pick<CompletionContext, 'from' | 'text'> | undefined {
  const written = WHOLE_EMOJI.exec(before) ?? WHOLE_FULL_WIDTH.exec(before);
  if (!written) return undefined;
  const [, text = ''] = written;
  // In a script without spaces an emoji may follow a word; a number or a sign there is something
  // else.
  if (!LATIN.test(text) && isInWord(before, written.index)) return undefined;
  return { from: written.index, text };
}

/** The names that match: those that begin with the text first. */
export function namesFor(text: string, names: readonly string[]): readonly string[] {
  const wanted = fold(text);
  return names
    .map((name) => ({ name, at: fold(name).indexOf(wanted) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => Math.sign(a.at) - Math.sign(b.at))
    .map(({ name }) => name);
}

function isInWord(text: string, index: number): boolean {
  return IN_WORD.test(text.slice(Math.max(0, index - 2), index));
}
