/** The text of a message; without any, the name of its first file. */
export function previewText(article: Element): string {
  const text = article.querySelector('h2, .body')?.textContent?.trim();
  if (text) return text;
  const file = article.querySelector('.files :is(img, bdi)');
  return file instanceof HTMLImageElement ? file.alt : (file?.textContent ?? '');
}
