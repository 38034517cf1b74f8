import { timeText } from '../../lib/clock.ts';
import { byId } from '../../lib/dom.ts';
import { language, t } from '../../lib/messages.ts';
import type { Unread } from './fetch-unread.ts';

interface UnreadBarOptions {
  readonly jumpToLatest: () => void;
  readonly jumpToFirst: () => void;
  readonly markAsRead: () => void;
}

/** Over the messages on coming back to a room: how much is new, and since when. */
export class UnreadBar {
  readonly #bar = byId('unread-bar');
  readonly #jump = byId('unread-jump');
  #isAtEnd = false;

  constructor({ jumpToLatest, jumpToFirst, markAsRead }: UnreadBarOptions) {
    this.#jump.addEventListener('click', () => (this.#isAtEnd ? jumpToFirst() : jumpToLatest()));
    byId('mark-as-read').addEventListener('click', markAsRead);
  }

  get isOpen(): boolean {
    return !this.#bar.hidden;
  }

  /** It has the number on coming back: a number that followed the reading would be announced each time. */
  open({ count, hasMore, since }: Unread): void {
    const time = since === null ? '' : timeText(new Date(since), new Date());
    const shown = `${count.toLocaleString(language)}${hasMore ? '+' : ''}`;
    byId('unread-since').textContent = t('unread-since', { count: shown, time });
    this.#bar.hidden = false;
  }

  close(): void {
    this.#bar.hidden = true;
  }

  /** Offers the other end of what is unread. */
  atEnd(isAtEnd: boolean): void {
    this.#isAtEnd = isAtEnd;
    this.#jump.textContent = t(isAtEnd ? 'jump-to-unread' : 'jump-to-latest');
  }
}
