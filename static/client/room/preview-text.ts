/** What ends a line of a text. */
const LINE_ENDS = 'br, p, li, blockquote, pre';

/** The text of a message, on one line; without any, the name of its first file. */
export function previewText(article: Element): string {
  const text = oneLine(article.querySelector('h2, .body'));
  if (text) return text;
  const file = article.querySelector('.files :is(img, bdi)');
  return file instanceof HTMLImageElement ? file.alt : (file?.textContent ?? '');
}

function oneLine(shown: Element | null): string {
  const copy = document.createElement('div');
  copy.append(...(shown?.cloneNode(true).childNodes ?? []));
  // What the page has added, such as the button that copies code.
  for (const added of copy.querySelectorAll('.client-only')) added.remove();
  for (const end of copy.querySelectorAll(LINE_ENDS)) end.after(' ');
  return copy.textContent.replace(/\s+/g, ' ').trim();
}
