import { fold } from '../../server/fold.ts';

/** Whether a message names whoever is signed in at this page. */
export function mentionsMe(article: HTMLElement): boolean {
  const name = document.querySelector('#me[data-uid]')?.textContent;
  if (!name) return false;
  const mine = fold(`@${name}`);
  const mentions = [...article.querySelectorAll('.body .mention')];
  return mentions.some(({ textContent }) => fold(textContent ?? '') === mine);
}
