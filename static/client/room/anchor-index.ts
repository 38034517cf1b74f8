/**
 * Which message stays where it is while others change: the first that begins in view, or if none
 * does, the message that fills the view.
 * @param topOf how far below the upper edge of the view a message begins; it grows with the index
 * @param height of the view
 * @returns its index; -1 if there are none
 */
export function anchorIndex(
  count: number,
  topOf: (index: number) => number,
  height: number,
): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (topOf(middle) < 0) from = middle + 1;
    else to = middle;
  }
  const isInView = from < count && topOf(from) < height;
  return isInView ? from : from - 1;
}
