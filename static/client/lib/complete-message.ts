import { roomPath } from '../../../server/shared/routes.ts';
import { byId, messageId } from './dom.ts';

/** The number of a message's last change; its fragment has none while it is as it was posted. */
export function seqOf(article: HTMLElement): number {
  return Number(article.dataset.seq ?? messageId(article));
}

/**
 * Adds to a message what its fragment leaves out: a header around its author and time, and a link
 * to the message. That follows from the rest, and the fragment is sent to every waiter.
 */
export function completeMessage(article: HTMLElement): void {
  const [name, time] = article.children;
  if (!name?.matches('b, bdi') || !time?.matches('time')) return;
  const author = document.createElement('b');
  author.className = 'who';
  name.replaceWith(author);
  author.append(...(name.matches('bdi') ? [name] : name.childNodes));
  const link = document.createElement('a');
  link.className = 'at';
  link.href = `${roomPath(byId('messages').dataset.room ?? '')}?at=${messageId(article)}`;
  link.append(time);
  const header = document.createElement('header');
  header.append(author, ' ', link);
  article.prepend(header);
}
