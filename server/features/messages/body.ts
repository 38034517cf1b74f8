import { parseSlashCommand, unescapeSlash } from '../../shared/slash-command.ts';
import { markdownHtml, plainHtml } from './markdown/markdown.ts';

/**
 * A line in which nothing is Markdown, a mention, a link or a character that HTML escapes: most of
 * what is said in a chat. It is shown as it is.
 */
const PLAIN = /^(?![+-]|\d+[.)])(?:[^\\`*_~[\]<>&"@/.\s]| (?! )|\.(?= |$)|\/(?!\/))+$/;

/** More than eight emoji have, in UTF-16 units. */
const MAX_EMOJI_UNITS = 150;
/** How emoji begin: most texts, in whatever script, do not. */
const EMOJI_START = /^(?:[[\p{Emoji}\p{Extended_Pictographic}]--[\0-\x7f]]|[\d#*]\uFE0F)/v;
/** Emoji alone, a few of them. */
const EMOJI = String.raw`^(?:[\p{RGI_Emoji}\p{Extended_Pictographic}][ \n]?){1,8}$`;

let emoji: RegExp | undefined;

interface Body {
  /** Markup. */
  readonly body: string;
  /** Whether it tells what its author does. */
  readonly isEmote: boolean;
  /** Whether it is emoji alone. */
  readonly isLarge: boolean;
}

/** What the text of a message is shown as. */
export function renderBody(text: string): Body {
  const slash = parseSlashCommand(text);
  const isEmote = slash?.command === 'me' && slash.rest !== '';
  return {
    body: bodyHtml(isEmote ? slash.rest : unescapeSlash(text)),
    isEmote,
    isLarge: isEmoji(text),
  };
}

/**
 * Whether it is emoji alone, a few of them. The table of all emoji takes some 40 ms to make, so it is made
 * for the first text that may be some, and not at a start.
 */
function isEmoji(text: string): boolean {
  if (text.length > MAX_EMOJI_UNITS || !EMOJI_START.test(text)) return false;
  emoji ??= new RegExp(EMOJI, 'v');
  return emoji.test(text);
}

/**
 * A text as markup: the same for every viewer, on every server, at any time. What is not to be
 * rendered as Markdown is shown as it was written.
 */
export function bodyHtml(text: string): string {
  if (PLAIN.test(text)) return text;
  try {
    return markdownHtml(text) ?? plainHtml(text);
  } catch {
    // What the parser cannot take must not keep a whole history from being shown.
    return plainHtml(text);
  }
}
