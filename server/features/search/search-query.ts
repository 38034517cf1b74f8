import { termsOf } from './terms.ts';

/** The maximum length of a query, in UTF-16 code units, and its words, quoted phrases and authors. */
export const MAX_QUERY = { count: 200, words: 10 } as const;
/** Words with at least this many letters also match as prefixes. */
const MIN_PREFIX_LENGTH = 3;

/** `from:NAME` or `from:"A NAME"`, a quoted phrase, or a word; with the signs of Chinese keyboards, too. */
const PARTS =
  /(?<![^\s"“”])from[:：](?:["“”]([^"“”]*)["“”]?|([^\s"“”]+))|["“”]([^"“”]*)["“”]|[^\s"“”]+/giu;

/** Terms that must occur in sequence. */
export interface Phrase {
  readonly terms: readonly string[];
  /** Whether the last of them may be a prefix. */
  readonly isPrefix: boolean;
}

/** What is searched for. */
export interface Query {
  readonly phrases: readonly Phrase[];
  /** Who wrote it, by what identifies their names: anybody, if it is empty; else one of them. */
  readonly authors: readonly string[];
}

/**
 * Parses a query: each word must occur, or be the prefix of one that does; a quoted phrase must
 * occur exactly, in sequence; after `from:` is the name of the author.
 * @returns `undefined` if it is too long; neither phrases nor authors if it has no words
 */
export function parseQuery(text: string): Query | undefined {
  // Checked first: a long query isn't processed at all.
  if (text.length > MAX_QUERY.count) return undefined;
  const phrases: Phrase[] = [];
  const authors: string[] = [];
  for (const [whole, quotedName, name, quoted] of text.matchAll(PARTS)) {
    const author = nameKey(quotedName ?? name ?? '');
    if (author !== '') authors.push(author);
    else if (quotedName === undefined && name === undefined) {
      phrases.push(phraseOf(quoted ?? whole, quoted === undefined));
    }
  }
  const found = phrases.filter(({ terms }) => terms.length > 0);
  return found.length + authors.length > MAX_QUERY.words ? undefined : { phrases: found, authors };
}

/** Whether a query searches for nothing. */
export function isEmpty({ phrases, authors }: Query): boolean {
  return phrases.length === 0 && authors.length === 0;
}

/**
 * What identifies a name in a query and in the index: its terms, so that case, accents, width and signs
 * do not matter. Empty for a name of signs only.
 */
export function nameKey(name: string): string {
  return Array.from(termsOf(name), ({ term }) => term).join(' ');
}

function phraseOf(text: string, mayBePrefix: boolean): Phrase {
  const terms = Array.from(termsOf(text), ({ term }) => term);
  return { terms, isPrefix: mayBePrefix && (terms.at(-1)?.length ?? 0) >= MIN_PREFIX_LENGTH };
}
