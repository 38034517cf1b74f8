import { sameCase } from './suggestions.ts';

/** Whether a message names whoever is signed in at this page. */
export function mentionsMe(article: HTMLElement): boolean {
  const name = document.querySelector('#me[data-uid]')?.textContent;
  if (!name) return false;
  const mine = sameCase(`@${name}`);
  const mentions = [...article.querySelectorAll('.body .mention')];
  return mentions.some(({ textContent }) => sameCase(textContent ?? '') === mine);
}
