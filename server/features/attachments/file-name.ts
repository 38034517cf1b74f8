import { maxUnits } from '../../shared/length.ts';

/** The maximum length of a file name, in Unicode characters. */
const MOST = 120;
/** An extension that is kept when a name is cut. */
const ENDING = /\.[\p{L}\p{N}]{1,10}$/u;
/** How much of a name that is too long is read: its start, and its end with the extension. */
const START_UNITS = maxUnits(MOST);
const END_UNITS = 60;

/**
 * Sanitizes the name of a file: text to show, and never a path. Characters that are invisible or
 * change the direction of the text are removed.
 */
export function sanitizeFileName(text: string): string {
  const name = shorten(text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1))
    .toWellFormed()
    .normalize('NFC')
    .replace(/[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\u200c\u200d]]/gv, '')
    .replace(/\s+/gu, ' ')
    .trim();
  if (!/[\p{L}\p{N}\p{S}]/u.test(name)) return 'file';
  const characters = [...name];
  if (characters.length <= MOST) return name;
  const [ending = ''] = ENDING.exec(name) ?? [];
  return characters.slice(0, MOST - ending.length).join('') + ending;
}

function shorten(text: string): string {
  if (text.length <= START_UNITS + END_UNITS) return text;
  return text.slice(0, START_UNITS) + text.slice(-END_UNITS);
}

/** The same name with the extension of another type, such as `image/webp`. */
export function withExtension(name: string, type: string): string {
  const [, ending = ''] = type.split('/');
  const endings = ending === 'jpeg' ? /\.jpe?g$/i : new RegExp(`\\.${ending}$`, 'i');
  return endings.test(name) ? name : `${name.replace(ENDING, '')}.${ending}`;
}
