import confusables from './confusables.json' with { type: 'json' };

/** Two letters that look like one. Unicode's table has the like for `m`, which looks like `rn`. */
const PAIRS = 'dcl wvv';

/** Small capitals, of which Unicode's table has a few, and other forms of Latin letters. */
const FORMS =
  'ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ᴁæ ɶœ ᴆð ᴣʒ ℘p Ƒf';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const ONE_TO_TEN = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];

/** Letters and numbers as symbols that NFKC leaves unchanged, from a code point on. */
const SIGNS: readonly (readonly [first: number, texts: readonly string[]])[] = [
  // In a black circle, in a black square, and those that form flags.
  [0x1f150, LETTERS],
  [0x1f170, LETTERS],
  [0x1f1e6, LETTERS],
  [0x1f18a, ['p', 'ic', 'pa', 'sa', 'ab', 'wc']],
  [0x1f191, ['cl', 'cool', 'free', 'id', 'new', 'ng', 'ok', 'sos', 'up', 'vs', '3d', '2ndscr']],
  [0x1f19d, ['2k', '4k', '8k', '51', '71', '222', '60p', '120p', 'd', 'hc', 'hdr', 'hires']],
  [0x1f1a9, ['lossless', 'shv', 'uhd', 'vod']],
  [0x24eb, ['11', '12', '13', '14', '15', '16', '17', '18', '19', '20', ...ONE_TO_TEN, '0']],
  [0x2776, [...ONE_TO_TEN, ...ONE_TO_TEN, ...ONE_TO_TEN]],
  [0x1f10b, ['0', '0', '0']],
];

let table: ReadonlyMap<string, string> | undefined;

/**
 * What a character looks like: by Unicode’s table (Technical Standard 39, as scripts/confusables.ts
 * reads it), and by what is missing there.
 */
export function lookAlikes(): ReadonlyMap<string, string> {
  // Most threads never need it.
  table ??= new Map([...unicode(), ...forms(), ...signs()]);
  return table;
}

type Look = readonly [character: string, look: string];

function unicode(): readonly Look[] {
  return Object.entries(confusables.looks).flatMap(([look, characters]) =>
    Array.from(characters, (character) => [character, look] as const),
  );
}

function forms(): readonly Look[] {
  return `${PAIRS} ${FORMS}`
    .split(' ')
    .map(([form = '', ...look]) => [form, look.join('')] as const);
}

function signs(): readonly Look[] {
  return SIGNS.flatMap(([first, texts]) =>
    texts.map((text, index) => [String.fromCodePoint(first + index), text] as const),
  );
}
