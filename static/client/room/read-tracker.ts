import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { messagesIn } from './message-window.ts';
import { ReadPosition, titleWithCount } from './read-position.ts';
import type { Timeline } from './timeline.ts';
import { UnreadDivider } from './unread-divider.ts';

/** Marks what is on the screen as read; shows what is unread by a divider, a button and the title. */
export class ReadTracker {
  readonly #timeline: Timeline;
  readonly #scroller = byId('timeline');
  readonly #list = byId('messages');
  readonly #newer = byId('newer');
  readonly #divider: UnreadDivider;
  readonly #position: ReadPosition;

  constructor(timeline: Timeline) {
    const { room, lastId = 0 } = timeline;
    this.#timeline = timeline;
    this.#divider = new UnreadDivider(room);
    this.#position = new ReadPosition(room, lastId);
    this.#newer.addEventListener('click', () => timeline.jumpToLatest());
  }

  /** Starts at the read position, not at the latest messages; until then nothing counts as read. */
  start(): void {
    const [first] = this.#unread;
    // A reader who came for a certain message stays there.
    if (first && !this.#timeline.isHighlighted && this.#timeline.hasLast) {
      this.#divider.position.placeAfter(this.#position.lastId);
      this.#divider.insert();
      const before = first.previousElementSibling;
      // A reader who was at the divider stays there; otherwise it is scrolled to.
      if (before) this.#timeline.show(before, before.matches('article') ? 'end' : 'start');
    }
    this.#scroller.addEventListener('scroll', () => this.update(), { passive: true });
    document.addEventListener('visibilitychange', () => this.update());
    addEventListener('storage', () => this.update());
    // Older messages are added, too, and clearing a room removes messages.
    new MutationObserver(() => this.update()).observe(this.#list, { childList: true });
    this.update();
  }

  /** Posting marks everything as read. */
  onPosted(): void {
    this.#timeline.jumpToLatest();
    this.#divider.position.drop();
    this.update();
  }

  /** Tracks what is in view, and shows what is unread. */
  update(): void {
    const { cursor } = this.#timeline;
    const lastId = document.hidden ? undefined : this.#lastInView();
    this.#position.update({ cursor, lastId });
    const count = this.#unread.length + this.#timeline.missed;
    if (count > 0) this.#divider.position.placeAfter(this.#position.lastId);
    else this.#divider.position.read();
    this.#updateDivider();
    this.#show(count);
  }

  /** Keeps the scroll position when the divider appears or disappears above it. */
  #updateDivider(): void {
    if (this.#divider.isInPlace) return;
    const { top } = this.#scroller.getBoundingClientRect();
    const anchor = this.#articles.find((article) => article.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    this.#divider.insert();
    if (this.#timeline.isAtEnd) this.#timeline.toEnd();
    else this.#scroller.scrollTop += (anchor?.getBoundingClientRect().top ?? 0) - before;
  }

  get #articles(): readonly HTMLElement[] {
    return messagesIn(this.#list);
  }

  /** Messages of others that the user has not read. */
  get #unread(): readonly HTMLElement[] {
    return this.#articles.filter(
      (article) =>
        messageId(article) > this.#position.lastId &&
        article.matches('.message:not(.own, .muted, .deleted)'),
    );
  }

  /** The last message whose end is on the screen. */
  #lastInView(): number {
    const { isAtEnd, lastId = 0 } = this.#timeline;
    if (isAtEnd) return lastId;
    const { bottom } = this.#scroller.getBoundingClientRect();
    const last = this.#articles.findLast(
      (article) => article.getBoundingClientRect().bottom <= bottom + 1,
    );
    return last ? messageId(last) : 0;
  }

  #show(count: number): void {
    const title = titleWithCount(document.title, count);
    if (document.title !== title) document.title = title;
    this.#newer.hidden = count === 0 || this.#timeline.isAtEnd;
    this.#newer.textContent = t('new-messages', { count });
  }
}
