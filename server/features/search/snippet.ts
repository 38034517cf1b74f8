import type { Phrase } from './search-query.ts';
import { type Term, termsOf } from './terms.ts';

/** A part of a text, and whether it matches the query. */
export interface SnippetPart {
  readonly text: string;
  readonly isMatch: boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const LENGTH = 200;
/** How much of the text before the first match is shown. */
const BEFORE = 60;

/**
 * The part of a text around the matches.
 * @returns `undefined` if not all phrases match
 */
export function snippet(
  text: string,
  phrases: readonly Phrase[],
): readonly SnippetPart[] | undefined {
  const found = matchesIn(text, phrases);
  if (found.some((spans) => spans.length === 0)) return undefined;
  const matches = mergeSpans(found.flat());
  const from = startOf(text, (matches[0]?.start ?? 0) - BEFORE);
  const to = startOf(text, from + LENGTH);
  const pieces: SnippetPart[] = [];
  const add = (start: number, end: number, isMatch: boolean) => {
    const piece = text.slice(Math.max(start, from), Math.min(end, to));
    if (piece !== '') pieces.push({ text: piece, isMatch });
  };
  if (from > 0) pieces.push({ text: '…', isMatch: false });
  let last = from;
  for (const { start, end } of matches) {
    add(last, start, false);
    add(start, end, true);
    last = end;
  }
  add(last, to, false);
  if (to < text.length) pieces.push({ text: '…', isMatch: false });
  return pieces;
}

/** The positions of each phrase in a text, matched as in the index. */
function matchesIn(text: string, phrases: readonly Phrase[]): readonly Span[][] {
  const terms = [...termsOf(text)];
  return phrases.map((phrase) =>
    terms.flatMap(({ start }, index) => {
      const last = terms[index + phrase.terms.length - 1];
      return last && matchesAt(terms, index, phrase) ? [{ start, end: last.end }] : [];
    }),
  );
}

function matchesAt(
  terms: readonly Term[],
  index: number,
  { terms: wanted, isPrefix }: Phrase,
): boolean {
  return wanted.every((term, n) => {
    const there = terms[index + n]?.term;
    return isPrefix && n === wanted.length - 1 ? there?.startsWith(term) : there === term;
  });
}

/** Sorts spans, and merges those that overlap. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (!last || span.start > last.end) whole.push(span);
    else whole.splice(-1, 1, { start: last.start, end: Math.max(last.end, span.end) });
  }
  return whole;
}

/** The same index, or the one before, so that no character is split. */
function startOf(text: string, page: number): number {
  const at = Math.min(Math.max(page, 0), text.length);
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}
