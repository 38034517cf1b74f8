import { fold } from '../../../server/shared/fold.ts';
import { lengthOfName } from '../../../server/shared/mentioned.ts';

/** Quoted mentions do not count: they are another user's. */
const MENTIONS = '.body .mention:not(blockquote .mention)';
/** The names of who is here, and of the authors on the page. */
const NAMES = ':is(#people-list .member, #messages > .message) .who bdi';

/**
 * Fits each mention in a message to a name that the page knows: the server, which does not look up
 * who is here, takes all letters for the name.
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

/** Whether a message mentions the signed-in user. */
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
