import { fold } from '../../shared/fold.ts';

/** A term of a text, and its position. */
export interface Term {
  /** Normalized for searching: without differences of case, accents and width. */
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** The maximum length of a term; the rest of a longer word is ignored. */
const MAX_TERM = 64;
/** How much of a word with marks is read: folding removes any number of marks. */
const MAX_FOLDED = 4 * MAX_TERM;

/** The maximum expansion of a character by NFKC; with more, it is not expanded. */
const MAX_EXPANSION = 6;

/** Scripts without spaces between words, or with endings on every word. */
const UNSPACED = ['Han', 'Hira', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr']
  .map((script) => String.raw`\p{sc=${script}}`)
  .join('');

/**
 * A term is a word; in a script without spaces, each letter is a term, and words are found as
 * phrases. So is an emoji, whatever its colour. Trailing signs that tell words apart belong to
 * them: `C`, `C++` and `C#` are three terms, but `a+b` is two, and `18+` is found by its number.
 */
const TERM = new RegExp(
  String.raw`[${UNSPACED}]\p{M}*|\p{Extended_Pictographic}|\p{RI}` +
    String.raw`|[[\p{L}\p{N}]--[${UNSPACED}]][[\p{L}\p{N}\p{M}]--[${UNSPACED}]]*` +
    String.raw`(?:(?<=[\p{L}\p{M}])(?:\+{2,}|[+#](?![\p{L}\p{N}])))?`,
  'gv',
);

const ONE_LETTER = new RegExp(`^[${UNSPACED}]$`, 'v');

/** Characters to normalize as a whole: a Korean syllable, or a letter with all its marks. */
const CLUSTER = new RegExp(
  String.raw`[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*` +
    String.raw`|.[\p{M}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]*`,
  'gsv',
);
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const ASCII = /^[\0-\x7f]*$/;

/** Yields the terms of a text, in order. */
export function* termsOf(text: string): Generator<Term, void, undefined> {
  // A letter of another width may be of another class, so the text is normalized first.
  const { plain, placeOf } = plainOf(text);
  for (const { 0: found, index } of plain.matchAll(TERM)) {
    const [start, end] = [placeOf(index), placeOf(index + found.length - 1, true)];
    yield { term: termOf(found), start, end };
  }
}

interface Plain {
  /** The text in compatibility form (NFKC), without invisible characters. */
  readonly plain: string;
  /** Maps an index of the plain text to the start or end of its source in the text. */
  placeOf(unit: number, isEnd?: boolean): number;
}

function plainOf(text: string): Plain {
  // Most texts are plain already.
  if (ASCII.test(text) || (text.normalize('NFKC') === text && !INVISIBLE.test(text))) {
    return { plain: text, placeOf: (unit, isEnd = false) => (isEnd ? unit + 1 : unit) };
  }
  let plain = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    const folded = cluster.normalize('NFKC').replace(ALL_INVISIBLE, '');
    const part = folded.length > MAX_EXPANSION * cluster.length ? cluster : folded;
    for (let n = 0; n < part.length; n += 1) {
      starts.push(index);
      ends.push(index + cluster.length);
    }
    plain += part;
  }
  return { plain, placeOf: (unit, isEnd = false) => (isEnd ? ends : starts)[unit] ?? text.length };
}

function termOf(found: string): string {
  // Most terms are of these two kinds, and folding is slow.
  if (ASCII.test(found)) return found.slice(0, MAX_TERM).toLowerCase();
  if (ONE_LETTER.test(found)) return found;
  const folded = fold(found.slice(0, MAX_FOLDED)).normalize('NFKD');
  return folded
    .replace(/[\u0300-\u036f\s]/g, '')
    .normalize('NFC')
    .slice(0, MAX_TERM);
}
