import { fold } from '../../../server/shared/fold.ts';
import { UNSPACED } from '../../../server/shared/scripts.ts';

/** The longest name, in UTF-16 units: 32 characters, of which each may be an emoji of several. */
const MAX_NAME = 100;
const WORD_CHARACTER = /^[\p{L}\p{N}\p{M}]$/u;

/**
 * How much of a text after an `@` is a known name: the longest that fits. In a script without
 * spaces the sentence goes on right after it; elsewhere a name ends at a word boundary.
 * @param names folded by `fold`
 * @returns the length in UTF-16 units; 0 if there is none
 */
export function lengthOfName(text: string, names: ReadonlySet<string>): number {
  let length = 0;
  let last = '';
  for (let end = 1; end <= Math.min(text.length, MAX_NAME); end += 1) {
    const folded = fold(text.slice(0, end));
    // White space after a name is not part of it.
    if (folded === last) continue;
    last = folded;
    if (names.has(folded) && isEnd(text, end)) length = end;
  }
  return length;
}

function isEnd(text: string, at: number): boolean {
  const [next = ''] = text.slice(at, at + 2);
  if (/^\p{M}$/u.test(next) || !WORD_CHARACTER.test(next)) return !/^\p{M}$/u.test(next);
  const [before = ''] = [...text.slice(Math.max(0, at - 2), at)].slice(-1);
  return UNSPACED.test(next) || UNSPACED.test(before);
}
