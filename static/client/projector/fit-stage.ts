import { fitText } from './fit.ts';

/** The largest size of a text, as a part of the height of the window. */
const MAX = { label: 0.06, tile: 0.04, word: 0.3, question: 0.12 } as const;
/** With more options, they stand in two columns. */
const MAX_ROWS = 7;
/** A question of more than so many letters is smaller on the stage. */
const LONG = 70;
const VERY_LONG = 160;

/** Makes the texts of a poll as large as the stage has room for. */
export function fitStage(poll: HTMLElement): void {
  const box = poll.querySelector<HTMLElement>('.vote');
  const results = box?.querySelector<HTMLElement>('.results');
  // In place of the bars may be a chart.
  if (!box || !results || box.clientHeight === 0) return;
  const heading = poll.querySelector('h2');
  const length = widthOf(heading?.textContent ?? '');
  heading?.classList.toggle('long', length > LONG && length <= VERY_LONG);
  heading?.classList.toggle('very-long', length > VERY_LONG);
  const rows = results.querySelectorAll('tbody > tr').length;
  const isTiled = results.matches('.with-images');
  results.classList.toggle('two-columns', !isTiled && rows > MAX_ROWS);
  results.style.setProperty('--columns', `${rows > 4 ? Math.ceil(rows / 2) : rows}`);
  // A narrow page scrolls.
  if (matchMedia('(max-width: 48rem)').matches) {
    for (const part of poll.querySelectorAll<HTMLElement>('.results, .results p'))
      part.style.fontSize = '';
  } else if (results.matches('.questions')) {
    const item = results.querySelector<HTMLElement>('.on-stage');
    const text = item?.querySelector<HTMLElement>('p');
    for (const other of results.querySelectorAll<HTMLElement>('p')) other.style.fontSize = '';
    if (item && text) fitText(text, item, MAX.question);
  } else {
    const max = results.matches('.cloud') ? MAX.word : isTiled ? MAX.tile : MAX.label;
    fitText(results, box, max);
  }
}

/** The letters of a text; a Chinese one is as wide as two others. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1),
    0,
  );
}
