import { fold } from '../../shared/fold.ts';

/** A term of a text, and where it stands there. */
export interface Term {
  /** As it is searched for: whatever its case, its accents and its width. */
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** Of a longer run of letters, no more than this is a term. */
const MAX_TERM = 64;
/** Of a run of letters and marks, so much is looked at: folding takes away any number of marks. */
const MAX_FOLDED = 4 * MAX_TERM;

/** Of what one character stands for, so much is cut into terms; what is more is a part of one. */
const MAX_EXPANSION = 6;

/** Scripts without a space between two words, or with endings to every word. */
const UNSPACED = ['Han', 'Hira', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr']
  .map((script) => String.raw`\p{sc=${script}}`)
  .join('');

/**
 * A term is a word; in a script without spaces each letter is one, and words are found as a row of
 * them. So is an emoji, whatever its colour. Signs that tell one word from another belong to it: `C`,
 * `C++` and `C#` are three, but `a+b` has two, and `18+` is found by its number.
 */
const TERM = new RegExp(
  String.raw`[${UNSPACED}]\p{M}*|\p{Extended_Pictographic}|\p{RI}` +
    String.raw`|[[\p{L}\p{N}]--[${UNSPACED}]][[\p{L}\p{N}\p{M}]--[${UNSPACED}]]*` +
    String.raw`(?:(?<=[\p{L}\p{M}])(?:\+{2,}|[+#](?![\p{L}\p{N}])))?`,
  'gv',
);

const ONE_LETTER = new RegExp(`^[${UNSPACED}]$`, 'v');

/** What is one character only as a whole: a syllable of Korean, or a letter with all that goes with it. */
const CLUSTER = new RegExp(
  String.raw`[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*` +
    String.raw`|.[\p{M}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]*`,
  'gsv',
);
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const ASCII = /^[\0-\x7f]*$/;

/** The terms of a text, in their order, as far as they are asked for. */
export function* termsOf(text: string): Generator<Term, void, undefined> {
  // A letter of another width is another sort of character at times: it is made plain before it is cut.
  const { plain, placeOf } = plainOf(text);
  for (const { 0: found, index } of plain.matchAll(TERM)) {
    const [start, end] = [placeOf(index), placeOf(index + found.length - 1, true)];
    yield { term: termOf(found), start, end };
  }
}

interface Plain {
  /** A text in compatibility forms (NFKC), without what nobody sees. */
  readonly plain: string;
  /** Where in the text a unit of the plain one comes from: the start of that, or its end. */
  placeOf(unit: number, isEnd?: boolean): number;
}

function plainOf(text: string): Plain {
  // Most texts are plain as they are.
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
  // Most terms are of these two sorts, and folding takes long.
  if (ASCII.test(found)) return found.slice(0, MAX_TERM).toLowerCase();
  if (ONE_LETTER.test(found)) return found;
  const folded = fold(found.slice(0, MAX_FOLDED)).normalize('NFKD');
  return folded
    .replace(/[\u0300-\u036f\s]/g, '')
    .normalize('NFC')
    .slice(0, MAX_TERM);
}
