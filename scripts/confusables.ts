import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/*
 * Generates server/auth/confusables.json, the table of characters that look alike (Unicode
 * Technical Standard 39). Its source is Unicode's confusables.txt as ICU compiles it into every
 * Node: no download is needed, and its Unicode version is that of the rest of Node.
 *
 *   node -r ./scripts/require-node.cjs scripts/confusables.ts
 *
 * Names are stored under a key that is made with the table: a new version of it needs a migration
 * in server/features/schema.ts that recomputes the keys.
 */

/** The offset of an ICU data item in Node's binary (ICU, ucmndata.h: the format `CmnD`). */
function findInIcu(node: Buffer, name: string): number {
  const header = node.indexOf('CmnD') - 12;
  if (header < 0) throw new Error('This Node has no data of ICU in its own file.');
  const contents = header + node.readUInt16LE(header);
  const count = node.readUInt32LE(contents);
  for (let index = 0; index < count; index += 1) {
    const entry = contents + 4 + index * 8;
    const start = contents + node.readUInt32LE(entry);
    const path = node.toString('latin1', start, node.indexOf(0, start));
    if (path.endsWith(`/${name}`)) return contents + node.readUInt32LE(entry + 4);
  }
  throw new Error(`This Node's ICU has no ${name}.`);
}

/** Reads the skeleton of each character (ICU, uspoof_impl.h: the format `Cfu `, version 2). */
function readConfusables(node: Buffer): Map<string, string> {
  const start = findInIcu(node, 'confusables.cfu');
  if (node.toString('latin1', start + 12, start + 16) !== 'Cfu ' || node[start + 16] !== 2) {
    throw new Error('The format of confusables.cfu is not the one that is known here.');
  }
  const data = start + node.readUInt16LE(start);
  const field = (index: number) => node.readInt32LE(data + index * 4);
  const [keys, count, values, strings] = [field(3), field(4), field(5), field(7)];
  const looks = new Map<string, string>();
  for (let index = 0; index < count; index += 1) {
    const key = node.readUInt32LE(data + keys + index * 4);
    // The upper byte is the number of UTF-16 units less one; a single unit is its own value.
    const units = (key >>> 24) + 1;
    const at = data + values + index * 2;
    const text = units === 1 ? at : data + strings + node.readUInt16LE(at) * 2;
    const look = node.toString('utf16le', text, text + units * 2);
    looks.set(String.fromCodePoint(key & 0xffffff), look);
  }
  return looks;
}

/** A letter of a caseless script, or a digit. */
const LETTER = /^[\p{Lo}\p{N}]/u;
const READABLE = /[\p{L}\p{N}]/u;

/**
 * Whether it is used to compare names: not what NFKC changes before that, nor a letter that looks
 * like a sign. Without its yods, which look like apostrophes, a Hebrew name would be another.
 */
function isOfUse([character, look]: readonly [string, string]): boolean {
  const isSign = LETTER.test(character) && !READABLE.test(look);
  return character.normalize('NFKC') === character && !isSign;
}

/** The table as it is stored: the characters of each skeleton. */
export function confusables(): string {
  const looks = [...readConfusables(readFileSync(process.execPath))].filter(isOfUse);
  const groups = Array.from(
    Map.groupBy(looks, ([, look]) => look),
    ([look, group]) => [look, group.map(([character]) => character).join('')],
  );
  const table = {
    unicode: process.versions.unicode,
    source: 'confusables.txt of Unicode Technical Standard 39, by scripts/confusables.ts',
    notice: 'Copyright 1991-present Unicode, Inc. Unicode License V3: see THIRD-PARTY-NOTICES.txt',
    looks: Object.fromEntries(groups),
  };
  const json = JSON.stringify(table, null, 2).replace(/[^\n -~]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `${json}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('../server/auth/confusables.json', import.meta.url), confusables());
}
