import { lookAlikes } from './confusables.ts';

/** What a reader overlooks: spaces, invisible characters, punctuation, circles around letters. */
const OVERLOOKED = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{P}\p{Me}]/gu;
const READABLE = /[\p{L}\p{N}]/u;
const ASCII = /^[!-~]+$/;
const MARKED_ASCII = /^[!-~][!-~\p{M}]*$/u;
/** Right-to-left letters: the blocks that Unicode reserves for them (UAX 9, table 4). */
const RIGHT_TO_LEFT =
  /[[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]&&\p{L}]/v;
const LEFT_TO_RIGHT = /[\p{Script=Latin}\p{Nd}]/u;
/** More than any text needs until nothing changes. */
const MAX_ROUNDS = 8;

/**
 * Equal for names that a reader confuses (the skeleton of Unicode Technical Standard 39, and more):
 * that differ only in case, width, style, spaces, punctuation, invisible characters or look-alikes.
 * For comparison, not for display. Linear in the length of the name.
 */
export function nameSkeleton(name: string): string {
  let skeleton = name;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const folded = foldOnce(skeleton);
    if (folded === skeleton) break;
    skeleton = folded;
  }
  // A bidirectional name can look the same with its letters in another order.
  const isMixed = LEFT_TO_RIGHT.test(name.normalize('NFKC')) && RIGHT_TO_LEFT.test(skeleton);
  return isMixed ? sorted(skeleton) : skeleton;
}

function foldOnce(name: string): string {
  const text = name.normalize('NFKC').replace(OVERLOOKED, readable);
  // Among Latin letters a reader sees Latin letters: there a small Greek nu is a v, not an N.
  const seen = /\p{Script=Latin}/u.test(text) ? mapEach(text, latinLook) : text;
  const small = seen
    .toLowerCase()
    .normalize('NFD')
    // An i has its dot already.
    .replace(/(?<=\p{Soft_Dotted}\p{M}*)\u0307/gu, '');
  // A doubled mark looks like a single one.
  const folded = mapEach(small, foldCharacter)
    .normalize('NFD')
    .replace(/(\p{M})\1+/gu, '$1');
  return folded.normalize('NFC');
}

/** Punctuation stays where it looks like a letter, as a double line looks like two l. */
function readable(sign: string): string {
  return READABLE.test(prototypeOf(sign)) ? sign : '';
}

/**
 * Capitals look more alike than small letters do (Cyrillic Т and Latin T, not т and t), so the
 * look-alike of the capital takes precedence. That makes I, i, l, 1 and | one.
 */
function foldCharacter(character: string): string {
  const capital = character.toUpperCase();
  const look = prototypeOf(capital);
  return prototypeOf((MARKED_ASCII.test(look) ? look : capital).toLowerCase());
}

function latinLook(character: string): string {
  const look = prototypeOf(character);
  return ASCII.test(look) ? look : character;
}

function prototypeOf(text: string): string {
  return mapEach(text, (character) => lookAlikes().get(character) ?? character);
}

function mapEach(text: string, map: (character: string) => string): string {
  return Array.from(text, map).join('');
}

function sorted(text: string): string {
  return (text.match(/\P{M}?\p{M}*/gu) ?? []).sort().join('').normalize('NFC');
}
