import { fold } from '../../../server/shared/fold.ts';
import { lengthOfName } from './mentioned.ts';

/** What somebody else said is quoted: nobody is called by that. */
const MENTIONS = '.body .mention:not(blockquote .mention)';
/** Those who are here, and those who wrote what is on the page. */
const NAMES = ':is(#roster .person, #messages > .message) .who bdi';

/**
 * Has each mention in a message be the name of somebody, as far as the page knows it: the server, which
 * does not ask who there is, takes all letters for the name.
 */
export function fitMentions(article: HTMLElement): void {
  const mentions = article.querySelectorAll('.body .mention');
  if (mentions.length === 0) return;
  const names = new Set<string>([fold(ownName() ?? '')]);
  for (const { textContent } of document.querySelectorAll(NAMES))
    names.add(fold(textContent ?? ''));
  names.delete('');
  for (const mention of mentions) fit(mention, names);
}

function fit(mention: Element, names: ReadonlySet<string>): void {
  const next = mention.nextSibling;
  const written = mention.textContent?.slice(1) ?? '';
  const after = next instanceof Text ? next.data : '';
  const text = written + after;
  const length = lengthOfName(text, names);
  if (length === 0 || length === written.length) return;
  mention.textContent = `@${text.slice(0, length)}`;
  if (next instanceof Text) next.data = text.slice(length);
  else mention.after(text.slice(length));
}

/** Whether a message names whoever is signed in at this page. */
export function mentionsMe(article: HTMLElement): boolean {
  const name = ownName();
  if (!name) return false;
  const mine = fold(`@${name}`);
  return [...article.querySelectorAll(MENTIONS)].some(
    ({ textContent }) => fold(textContent ?? '') === mine,
  );
}

function ownName(): string | undefined {
  return document.querySelector('#me[data-uid]')?.textContent ?? undefined;
}
