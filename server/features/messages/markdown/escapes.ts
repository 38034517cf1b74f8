import type { Delimiter, MarkdownIt, StateInline, Token } from 'markdown-it';
import { canClose, canOpen, runAt } from './emphasis.ts';
import { mentionAt } from './mention.ts';

/*
 * A `\` escapes only what would otherwise be markup, and stays elsewhere: in paths, regular
 * expressions and emoticons. In CommonMark (0.31.2, section 2.4) it escapes any punctuation.
 */

/** Characters that form a delimiter together. */
const IN_RUNS = '*_~`';
/** What a line that isn't a paragraph begins with. */
const BLOCK_MARKS = '*+->.)`~';
const AUTOLINK = /<(?:https?:\/\/|mailto:|[\w.+-]+@)[^<>\s]*>/iy;

/** Escaped delimiters, each with all tokens of its run. */
const escaped = new WeakMap<Delimiter, readonly Token[]>();

export function escapes(md: MarkdownIt): void {
  md.inline.ruler.at('escape', (state, silent) => {
    const { src, pos, posMax } = state;
    if (src[pos] !== '\\') return false;
    const sign = pos + 1 < posMax ? src.charAt(pos + 1) : '';
    if (sign !== '' && IN_RUNS.includes(sign)) return takeRun(state, sign, silent);
    const isMark = isBlockMark(src, pos, pos + 2) || isInlineMark(state, sign, silent);
    if (!silent && isMark) state.push('text_special', '', 0).content = sign;
    else if (!silent) state.pending += '\\';
    state.pos += isMark ? 2 : 1;
    return true;
  });
  const [pair] = md.inline.ruler2.getRules('');
  md.inline.ruler2.before('balance_pairs', 'escaped', (state) => {
    for (const { delimiters = [] } of [state, ...state.tokens_meta.filter((meta) => !!meta)]) {
      if (delimiters.some((one) => escaped.has(one))) release(state, delimiters);
    }
    return true;
  });

  /** Turns escaped delimiters into text, without their `\` if they would be in a pair. */
  function release(state: StateInline, delimiters: Delimiter[]): void {
    const { delimiters: own, tokens_meta } = state;
    const trial = delimiters.map((one) => ({ ...one }));
    Object.assign(state, { delimiters: trial, tokens_meta: [] });
    pair?.(state);
    Object.assign(state, { delimiters: own, tokens_meta });
    for (const [index, { end }] of trial.entries()) {
      if (end < 0) continue;
      for (const one of [delimiters[index], delimiters[end]]) {
        for (const token of (one && escaped.get(one)) ?? []) token.content = token.markup;
      }
    }
    const others = delimiters.filter((one) => !escaped.has(one));
    delimiters.splice(0, delimiters.length, ...others);
  }
}

/** Takes a run of characters of which the first is escaped: none of them is a delimiter. */
function takeRun(state: StateInline, sign: string, silent: boolean): true {
  const { src, pos, posMax } = state;
  let end = pos;
  while (end < posMax && src.startsWith(sign, src[end] === '\\' ? end + 1 : end)) {
    end += src[end] === '\\' ? 2 : 1;
  }
  end = Math.min(end, posMax);
  state.pos = end;
  if (silent) return true;
  const text = src.slice(pos, end);
  const isMark = sign === '`' && isCodeMark(src, pos, end);
  if (isMark || isBlockMark(src, pos, end)) {
    state.push('text_special', '', 0).content = text.replaceAll('\\', '');
  } else if (!addMarks(state, sign, text, pos)) state.pending += text;
  return true;
}

/** Adds characters to the possible pairs of delimiters. @returns whether they can be some */
function addMarks(state: StateInline, sign: string, text: string, start: number): boolean {
  const run = runAt(state.src, start, start + text.length, state.posMax);
  const [open, close] = [canOpen(run), canClose(run)];
  // Two tildes are one delimiter; a single one is none.
  const size = sign === '~' ? 2 : 1;
  if (sign === '`' || run.count < size || !(open || close)) return false;
  const marks = text.match(sign === '~' ? /(?:\\?~){1,2}/g : /\\?./gs) ?? [];
  const tokens: Token[] = [];
  for (const mark of marks) {
    const token = state.push('text_special', '', 0);
    token.content = mark;
    token.markup = mark.replaceAll('\\', '');
    tokens.push(token);
    if (token.markup.length < size) continue;
    const length = sign === '~' ? 0 : run.count;
    const [marker, at] = [sign.charCodeAt(0), state.tokens.length - 1];
    const one = { marker, length, token: at, end: -1, open, close };
    escaped.set(one, tokens);
    state.delimiters.push(one);
  }
  return true;
}

/** Whether there is other code to end or to begin, or a code block begins here. */
function isCodeMark(src: string, start: number, end: number): boolean {
  return src.indexOf('`') < start || src.lastIndexOf('`') >= end;
}

/** Whether a line begins here that would be a quote, a list item or a code block. */
function isBlockMark(src: string, start: number, end: number): boolean {
  const sign = src.charAt(start + 1);
  if (sign === '' || !BLOCK_MARKS.includes(sign)) return false;
  const isAlone = /^\s?$/.test(src.charAt(end));
  if (sign === '.' || sign === ')') {
    return isAlone && /^\d{1,9}$/.test(src.slice(startOfLine(src, start), start));
  }
  if (startOfLine(src, start) !== start) return false;
  if (sign === '>') return true;
  if (sign === '`' || sign === '~') return src.slice(start, end).replaceAll('\\', '').length > 2;
  return isAlone && end - start === 2;
}

/** Index of the first character of a line, if its character at `at` can be a list marker. */
function startOfLine(src: string, at: number): number {
  let start = at;
  while (start > Math.max(0, at - 9) && /\d/.test(src.charAt(start - 1))) start -= 1;
  let before = start;
  while (before > 0 && /[ \t]/.test(src.charAt(before - 1))) before -= 1;
  return before === 0 || src[before - 1] === '\n' ? start : -1;
}

function isInlineMark(
  { src, pos, linkLevel }: StateInline,
  sign: string,
  silent: boolean,
): boolean {
  switch (sign) {
    case '[':
      return linkLevel > 0 || src.includes('](', pos);
    case ']':
      // In the text of a link it would end that.
      return silent || linkLevel > 0 || (src[pos + 2] === '(' && src.lastIndexOf('[', pos) >= 0);
    case '<':
      AUTOLINK.lastIndex = pos + 1;
      return AUTOLINK.test(src);
    case '@':
      return mentionAt(src, pos + 1) !== undefined;
    default:
      return false;
  }
}
