/** The precision of a font size, in pixels. */
const STEP = 0.5;

/** The largest size between two for which something fits; the smallest if nothing does. */
export function largestFitting(min: number, max: number, fits: (size: number) => boolean): number {
  let [low, high] = [0, Math.max(0, Math.floor((max - min) / STEP))];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(min + middle * STEP)) low = middle;
    else high = middle - 1;
  }
  return min + low * STEP;
}

/**
 * Sets the largest font size with which an element stays within its box.
 * @param max the largest size, as a part of the height of the window
 */
export function fitText(element: HTMLElement, box: HTMLElement, max: number): void {
  const fits = (size: number) => {
    element.style.fontSize = `${size}px`;
    return (
      element.scrollHeight <= box.clientHeight + 1 &&
      element.scrollWidth <= box.clientWidth + 1 &&
      element.offsetHeight <= box.clientHeight + 1
    );
  };
  fits(largestFitting(MIN_PX, max * innerHeight, fits));
}

/** Smaller text is not readable from the last row; then the stage scrolls. */
const MIN_PX = 12;
