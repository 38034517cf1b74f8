import { parseEmote } from '../../shared/slash-command.ts';
import { markdownHtml, plainHtml } from './markdown/markdown.ts';

/**
 * A line without Markdown, mentions, links and characters that HTML escapes: most messages of a
 * chat. It is shown as is.
 */
const PLAIN = /^(?![+-]|\d+[.)])(?:[^\\`*_~[\]<>&"@＠/.\s]| (?! )|\.(?= |$)|\/(?!\/))+$/;

/** More UTF-16 units than eight emoji have. */
const MAX_EMOJI_UNITS = 150;
/** How emoji begin: most texts, in whatever script, don't. */
const EMOJI_START = /^(?:[[\p{Emoji}\p{Extended_Pictographic}]--[\0-\x7f]]|[\d#*]\uFE0F)/v;
/** Only emoji, and few of them. */
const EMOJI = String.raw`^(?:[\p{RGI_Emoji}\p{Extended_Pictographic}][ \n]?){1,8}$`;

/** Letters that are written from right to left, and the mark that is one (UAX 9, R and AL). */
const RTL =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

let emoji: RegExp | undefined;

interface Body {
  /** HTML. */
  readonly body: string;
  /** Whether it is an emote (`/me`). */
  readonly isEmote: boolean;
  /** Whether it consists of emoji only, and is shown large. */
  readonly isLarge: boolean;
  /** Whether some of it is written from right to left: then its direction depends on the text. */
  readonly hasRtl: boolean;
}

/** Renders the text of a message. */
export function renderBody(text: string): Body {
  const said = parseEmote(text);
  return {
    body: bodyHtml(said.text),
    isEmote: said.isEmote,
    isLarge: isEmoji(text),
    hasRtl: RTL.test(text),
  };
}

/**
 * Whether a text consists of a few emoji. Building the table of all emoji takes some 40 ms, so it
 * is built for the first text that may match, and not at startup.
 */
function isEmoji(text: string): boolean {
  if (text.length > MAX_EMOJI_UNITS || !EMOJI_START.test(text)) return false;
  emoji ??= new RegExp(EMOJI, 'v');
  return emoji.test(text);
}

/**
 * Renders a text as HTML: the same for every viewer, on every server, at any time. A text that
 * can't be rendered as Markdown is shown as it was written.
 */
export function bodyHtml(text: string): string {
  if (PLAIN.test(text)) return text;
  try {
    return markdownHtml(text) ?? plainHtml(text);
  } catch {
    // A text that the parser fails on must not keep a whole history from being shown.
    return plainHtml(text);
  }
}
