/**
 * Whether a paste means the files, and not the text. Spreadsheets and word processors add a picture
 * of the text; file managers add the names of the files, or their paths.
 */
export function areFilesMeant(text: string, names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.length <= names.length && lines.every((line) => names.includes(nameOf(line)));
}

/** The last part of a path or of a `file:` URL. */
function nameOf(path: string): string {
  const name = path.trim().replace(/^.*[/\\]/s, '');
  if (!/^file:/i.test(path.trim())) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
