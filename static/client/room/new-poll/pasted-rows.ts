/** A bullet or a number at the beginning of a line: `-`, `•`, `1.`, `b)`. */
const BULLET = /^(?:[-*•·◦▪–—]|\(?(?:\d{1,2}|[a-z])[.)、])\s+/iu;

/**
 * The texts of the rows when something is pasted into one of them: each line is a row.
 * @param value the text of the row, in which `start` to `end` is selected
 * @returns `undefined` for a single line, which the browser inserts
 */
export function pastedRows(
  { value, start, end }: { readonly value: string; readonly start: number; readonly end: number },
  pasted: string,
): readonly string[] | undefined {
  const lines = pasted
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length < 2) return undefined;
  const isList = lines.every((line) => BULLET.test(line));
  const texts = isList ? lines.map((line) => line.replace(BULLET, '')) : lines;
  const last = texts.length - 1;
  return texts.map((text, index) => {
    const before = index === 0 ? value.slice(0, start) : '';
    const after = index === last ? value.slice(end) : '';
    return before + text + after;
  });
}
