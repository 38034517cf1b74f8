import { termsOf } from './terms.ts';

/** The longest query, in UTF-16 code units, and its words and quoted phrases. */
export const MAX_QUERY = { count: 200, words: 10 } as const;
/** So many letters of a word are enough to look for what begins with them. */
const MIN_PREFIX_LENGTH = 3;

/** Terms that have to be there in a row. */
export interface Phrase {
  readonly terms: readonly string[];
  /** Whether the last of them may be only the beginning of what is there. */
  readonly isPrefix: boolean;
}

/**
 * What somebody searches for: every word has to be there, or begin a word that is; what stands in
 * quotes has to be there as it is, in a row.
 * @returns `undefined` where it is too much; an empty list where there is no word in it
 */
export function parseQuery(text: string): readonly Phrase[] | undefined {
  // Before anything is made of it: what is long is not measured letter by letter.
  if (text.length > MAX_QUERY.count) return undefined;
  const parts = [...text.matchAll(/"([^"]*)"|[^\s"]+/g)];
  const phrases = parts
    .map(([whole, quoted]) => phraseOf(quoted ?? whole, quoted === undefined))
    .filter(({ terms }) => terms.length > 0);
  return phrases.length > MAX_QUERY.words ? undefined : phrases;
}

function phraseOf(text: string, mayBePrefix: boolean): Phrase {
  const terms = Array.from(termsOf(text), ({ term }) => term);
  return { terms, isPrefix: mayBePrefix && (terms.at(-1)?.length ?? 0) >= MIN_PREFIX_LENGTH };
}
