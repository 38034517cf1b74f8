/** The longest name of a file, in Unicode characters. */
const MOST = 120;
/** An ending that is kept when a name is cut. */
const ENDING = /\.[\p{L}\p{N}]{1,10}$/u;

/**
 * The name that somebody gave a file: text to show, and never a path. What no screen shows, or what
 * turns the text around it, is left out.
 */
export function readFileName(text: string): string {
  const name = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\u200c\u200d]]/gv, '')
    .replace(/^.*[/\\]/s, '')
    .replace(/\s+/gu, ' ')
    .trim();
  if (!/[\p{L}\p{N}\p{S}]/u.test(name)) return 'file';
  const characters = [...name];
  if (characters.length <= MOST) return name;
  const [ending = ''] = ENDING.exec(name) ?? [];
  return characters.slice(0, MOST - ending.length).join('') + ending;
}

/** The same name with the ending of another type, as `image/webp`. */
export function renamed(name: string, type: string): string {
  const [, ending = ''] = type.split('/');
  const endings = ending === 'jpeg' ? /\.jpe?g$/i : new RegExp(`\\.${ending}$`, 'i');
  return endings.test(name) ? name : `${name.replace(ENDING, '')}.${ending}`;
}
