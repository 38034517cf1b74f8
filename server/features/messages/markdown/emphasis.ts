import type { MarkdownIt } from 'markdown-it';
import { characterAt, characterBefore, UNSPACED } from '../../../shared/scripts.ts';

/*
 * When `*`, `_` and `~~` are delimiters. CommonMark (0.31.2, section 6.2) allows them within words,
 * but in a chat these are products, powers, globs and regular expressions; and it looks for spaces,
 * so it finds no delimiter where Chinese, Japanese or Korean is next to punctuation. Here a
 * delimiter opens before a word and closes after one, and is never within one.
 */

/** Of a word or a number, without the characters that turn a sign into an emoji. */
const LETTER = /^[[\p{L}\p{N}\p{M}]--[\ufe00-\ufe0f\u20e3]]$/v;
const SPACE = /^\s?$/;
const OPENING = /^[([{（「『【《]$/;
const CLOSING = /^[)\]}]$/;
/** What emphasized text doesn't begin with. */
const ENDING = /^[)\]},;:!?。，、；：！？）」』】》/\\]$/;
/** What emoticons that look to one side are made of: `(*^_^*)`, `(*>_<*)`. */
const FACE = /^[[\p{Sk}\p{Sm}]--[+\-±−]]$/v;
const MARKS = '*_~\\';
/** The maximum number of delimiters of several kinds before the text that they mark. */
const MAX_MARKS = 8;
/** Delimiters alone between two of these are meant literally. */
const QUOTES = ['""', "''", '“”', '‘’', '«»', '「」', '『』'];

/** Adjacent delimiters of one kind, and the characters around them. */
interface Run {
  readonly mark: string;
  readonly count: number;
  readonly before: string;
  readonly next: string;
  /** What is emphasized, if it is: after delimiters of other kinds, too. */
  readonly inner: string;
  /** Whether a name with a leading dot, or a wildcard, follows. */
  readonly isDotted: boolean;
}

/** The run of delimiters from `start` to `end`, in a text that ends at `max`. */
export function runAt(text: string, start: number, end: number, max: number): Run {
  const marks = text.slice(start, end).replaceAll('\\', '');
  let from = end;
  while (from < Math.min(end + MAX_MARKS, max) && MARKS.includes(text.charAt(from))) from += 1;
  return {
    mark: marks.charAt(0),
    count: marks.length,
    before: characterBefore(text, start),
    next: end < max ? characterAt(text, end) : '',
    inner: from < max ? characterAt(text, from) : '',
    isDotted: /^\.[\p{L}\p{N}*]/u.test(text.slice(end, Math.min(end + 3, max))),
  };
}

export function canOpen(run: Run): boolean {
  const { mark, count, before, next, inner } = run;
  if (!isMark(run) || SPACE.test(next) || run.isDotted) return false;
  if (SPACE.test(inner) || ENDING.test(inner) || FACE.test(inner)) return false;
  // The arms of an emoticon: `_(:з」∠)_`.
  if (mark === '_' && OPENING.test(inner)) return false;
  // Paths and expressions: `/*a*/`, `.*a.*`, `(a)*(b)*(c)`.
  if (before === '\\' || (count === 1 && /^[./]$/.test(before))) return false;
  if (CLOSING.test(before)) return UNSPACED.test(next);
  return !isWithin(mark, before, next);
}

export function canClose(run: Run): boolean {
  const { mark, count, before, next } = run;
  if (!isMark(run) || SPACE.test(before) || OPENING.test(before)) return false;
  if (/^[/\\]$/.test(before) || (count === 1 && next === '/')) return false;
  return !isWithin(mark, next, before);
}

/** Not `__`, which is in identifiers, and not `~~~`, a drawn-out sound. */
function isMark({ mark, count, before, next }: Run): boolean {
  if ((mark === '_' && count > 1) || (mark === '~' && count !== 2)) return false;
  return !QUOTES.includes(before + next);
}

/** Whether a delimiter is within a word: `outer` is next to it on the unemphasized side. */
function isWithin(mark: string, outer: string, inner: string): boolean {
  if (!LETTER.test(outer)) return false;
  return mark === '_' || !(UNSPACED.test(outer) || UNSPACED.test(inner));
}

export function emphasis(md: MarkdownIt): void {
  md.inline.State = class extends md.inline.State {
    override scanDelims(start: number) {
      let end = start;
      while (end < this.posMax && this.src[end] === this.src[start]) end += 1;
      const run = runAt(this.src, start, end, this.posMax);
      return { can_open: canOpen(run), can_close: canClose(run), length: run.count };
    }
  };
}
