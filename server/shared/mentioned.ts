import { fold } from './fold.ts';
import { UNSPACED } from './scripts.ts';

/** The longest name, in UTF-16 units: 32 characters, of which each may be an emoji of several. */
const MAX_NAME = 100;
const WORD_CHARACTER = /^[\p{L}\p{N}\p{M}]$/u;

interface NamePrefix {
  /** In UTF-16 units. */
  readonly length: number;
  readonly folded: string;
}

/**
 * The beginnings of a text after an `@` that may be a name, the shortest first. In a script without
 * spaces the sentence goes on right after it; elsewhere a name ends at a word boundary.
 */
export function namePrefixes(text: string): readonly NamePrefix[] {
  const prefixes: NamePrefix[] = [];
  let last = '';
  for (let end = 1; end <= Math.min(text.length, MAX_NAME); end += 1) {
    if (!isEnd(text, end)) continue;
    const folded = fold(text.slice(0, end));
    // White space after a name is not part of it.
    if (folded === last || folded === '') continue;
    last = folded;
    prefixes.push({ length: end, folded });
  }
  return prefixes;
}

/**
 * How much of a text after an `@` is a known name: the longest that fits.
 * @param names folded by `fold`
 * @returns the length in UTF-16 units; 0 if there is none
 */
export function lengthOfName(text: string, names: ReadonlySet<string>): number {
  return namePrefixes(text).findLast(({ folded }) => names.has(folded))?.length ?? 0;
}

function isEnd(text: string, at: number): boolean {
  const [next = ''] = text.slice(at, at + 2);
  if (/^\p{M}$/u.test(next) || !WORD_CHARACTER.test(next)) return !/^\p{M}$/u.test(next);
  const [before = ''] = [...text.slice(Math.max(0, at - 2), at)].slice(-1);
  return UNSPACED.test(next) || UNSPACED.test(before);
}
