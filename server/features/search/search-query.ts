import { termsOf } from './terms.ts';

/** The maximum length of a query, in UTF-16 code units, and its words and quoted phrases. */
export const MAX_QUERY = { count: 200, words: 10 } as const;
/** Words with at least this many letters also match as prefixes. */
const MIN_PREFIX_LENGTH = 3;

/** Terms that must occur in sequence. */
export interface Phrase {
  readonly terms: readonly string[];
  /** Whether the last of them may be a prefix. */
  readonly isPrefix: boolean;
}

/**
 * Parses a query: each word must occur, or be the prefix of one that does; a quoted phrase must
 * occur exactly, in sequence.
 * @returns `undefined` if it is too long; an empty list if it has no words
 */
export function parseQuery(text: string): readonly Phrase[] | undefined {
  // Checked first: a long query isn't processed at all.
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
