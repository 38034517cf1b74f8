import type { MarkdownIt } from 'markdown-it';
import { characterAt, characterBefore, UNSPACED } from '../../../shared/scripts.ts';

/*
 * When `*`, `_` and `~~` are marks. CommonMark (0.31.2, section 6.2) has marks within words, where
 * people write products, powers, globs and regular expressions in a chat; and it looks for spaces, so
 * that it has none where Chinese, Japanese or Korean stand beside punctuation. Here a mark opens before
 * a word and closes behind one, and is never within one.
 */

/** Of a word or a number; not what makes an emoji of a sign. */
const LETTER = /^[[\p{L}\p{N}\p{M}]--[\ufe00-\ufe0f\u20e3]]$/v;
const SPACE = /^\s?$/;
const OPENING = /^[([{（「『【《]$/;
const CLOSING = /^[)\]}]$/;
/** What a phrase does not begin with. */
const ENDING = /^[)\]},;:!?。，、；：！？）」』】》/\\]$/;
/** What a face is made of that looks to one side: `(*^_^*)`, `(*>_<*)`. */
const FACE = /^[[\p{Sk}\p{Sm}]--[+\-±−]]$/v;
const MARKS = '*_~\\';
/** So many marks of several kinds are told from what they mark. */
const MAX_MARKS = 8;
/** Marks alone between two of these are what is spoken of. */
const QUOTES = ['""', "''", '“”', '‘’', '«»', '「」', '『』'];

/** Marks of one kind beside each other, and what is beside them. */
interface Run {
  readonly mark: string;
  readonly count: number;
  readonly before: string;
  readonly next: string;
  /** What is marked, if it is: behind marks of other kinds, too. */
  readonly inner: string;
  /** Whether what is next begins a name with a dot before it, or a wildcard. */
  readonly isDotted: boolean;
}

/** The marks from `start` to `end`, where the text around them goes on to `max`. */
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
  // The arms of a face: `_(:з」∠)_`.
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

/** `__` is none, for it is in the names of programs; nor is `~~~`, a drawn-out sound. */
function isMark({ mark, count, before, next }: Run): boolean {
  if ((mark === '_' && count > 1) || (mark === '~' && count !== 2)) return false;
  return !QUOTES.includes(before + next);
}

/** Whether the mark is within a word: `outer` is beside it on the side that is not marked. */
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
