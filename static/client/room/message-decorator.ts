import { localizeTimes } from '../lib/clock.ts';
import { messageId } from '../lib/dom.ts';
import { guestName } from '../lib/guest-name.ts';
import { initials } from '../lib/initials.ts';
import { group } from './group.ts';
import { fitMentions, mentionsMe } from './mentions.ts';
import { messageTitle } from './message-title.ts';
import type { Mutes } from './mutes.ts';

/** Decorates messages for this reader: a fragment is the same for all readers. */
export class MessageDecorator {
  readonly #mutes: Mutes;
  readonly #decorateMore: (article: HTMLElement) => void;
  /** The reader's own uids, to mark their messages. */
  own: readonly string[] = [];
  /** The highlighted message. */
  markedId: number | undefined;

  /**
   * @param mutes whom the reader has muted
   * @param decorateMore adds to a message what else is for this reader only
   */
  constructor(mutes: Mutes, decorateMore: (article: HTMLElement) => void) {
    this.#mutes = mutes;
    this.#decorateMore = decorateMore;
  }

  isOwn({ dataset, classList }: HTMLElement): boolean {
    return this.own.includes(dataset.uid ?? '') && classList.contains('message');
  }

  /** Whether it is a message of another user whom the reader has not muted. */
  isFromOthers(article: HTMLElement): boolean {
    const { uid = '' } = article.dataset;
    const isMessage = article.classList.contains('message');
    const isReadable = isMessage && !article.classList.contains('deleted');
    return isReadable && !this.own.includes(uid) && !this.#mutes.has(uid);
  }

  /** Adds to a fragment what is for this reader only. */
  decorate(article: HTMLElement): void {
    localizeTimes(article);
    const isMarked = messageId(article) === this.markedId;
    article.classList.toggle('marked', isMarked);
    article.ariaCurrent = isMarked ? 'true' : null;
    if (article.classList.contains('message')) this.#decorateMessage(article);
    this.#decorateMore(article);
    group(article);
  }

  #decorateMessage(article: HTMLElement): void {
    const { uid = '' } = article.dataset;
    const isOwn = this.isOwn(article);
    fitMentions(article);
    article.classList.toggle('own', isOwn);
    article.classList.toggle('mentions-me', !isOwn && mentionsMe(article));
    article.classList.toggle('muted', this.#mutes.has(uid));
    const who = article.querySelector('.who:not(:has(bdi))');
    const isYou = isOwn && !article.classList.contains('emote');
    if (who) who.textContent = guestName(uid, isYou);
    this.#showInitials(article, uid);
    const { who: author, time } = messageTitle(article);
    article.ariaLabel = `${author}, ${time}`;
  }

  /** In the disc before the author's name. */
  #showInitials(article: HTMLElement, uid: string): void {
    const header = article.querySelector('header');
    const name = header?.querySelector('.who bdi')?.textContent;
    if (header) header.dataset.initials = initials(name ?? uid.slice(0, 2));
  }
}
