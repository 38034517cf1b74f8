/** Who posted a message, and when, as the page shows it. */
export function messageTitle(article: Element): { readonly who: string; readonly time: string } {
  const textOf = (selector: string) => article.querySelector(selector)?.textContent?.trim() ?? '';
  return { who: textOf('.who'), time: textOf('header time') };
}
