import { Refusal } from '../errors.ts';
import type { Phrase } from '../store/search.ts';
import { termsOf } from '../store/terms.ts';

export const MAX_SEARCH = { count: 200, words: 10 } as const;
/** So many letters of a word are enough to look for what begins with them. */
const OPEN_FROM = 3;

/**
 * What somebody searches for: every word has to be there, or begin a word that is; what stands in
 * quotes has to be there as it is, in a row.
 * @throws Refusal where it is too much
 */
export function readSearch(text: string): readonly Phrase[] {
  if (text.length > MAX_SEARCH.count) throw new Refusal('bad-search', MAX_SEARCH);
  const parts = [...text.matchAll(/"([^"]*)"|[^\s"]+/g)];
  const phrases = parts
    .map(([whole, quoted]) => phraseOf(quoted ?? whole, quoted === undefined))
    .filter(({ terms }) => terms.length > 0);
  if (phrases.length > MAX_SEARCH.words) throw new Refusal('bad-search', MAX_SEARCH);
  return phrases;
}

function phraseOf(text: string, mayBeOpen: boolean): Phrase {
  const terms = termsOf(text).map(({ term }) => term);
  return { terms, isOpen: mayBeOpen && (terms.at(-1)?.length ?? 0) >= OPEN_FROM };
}
