import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import type { Timeline } from './timeline.ts';
import { lastRead, markRead } from './unread.ts';
import { UnreadDivider } from './unread-divider.ts';

/** More unread messages than these are not counted in the title. */
const MAX_COUNTED = 99;

/** Tracks what is read; shows what is unread by a divider, a button, and the page's title. */
export class ReadTracker {
  readonly #timeline: Timeline;
  readonly #scroller = byId('timeline');
  readonly #list = byId('messages');
  readonly #newer = byId('newer');
  readonly #line: UnreadDivider;
  #seen: number;

  constructor(timeline: Timeline) {
    const { room, lastId = 0 } = timeline;
    this.#timeline = timeline;
    this.#line = new UnreadDivider(room);
    // On a first visit nothing is unread.
    this.#seen = lastRead(room) ?? lastId;
    this.#newer.addEventListener('click', () => timeline.jumpToLatest());
  }

  /** Starts at the read position, not at the latest messages; until then nothing counts as read. */
  start(): void {
    const [first] = this.#unseen;
    // A reader who came for a certain message stays there.
    if (first && !this.#timeline.isHighlighted && this.#timeline.isPresent) {
      this.#line.placeAfter(this.#seen);
      this.#line.place();
      const before = first.previousElementSibling;
      // A reader who was at the divider stays there; otherwise it is scrolled to.
      if (before) this.#timeline.show(before, before.matches('article') ? 'end' : 'start');
    }
    this.#scroller.addEventListener('scroll', () => this.look(), { passive: true });
    document.addEventListener('visibilitychange', () => this.look());
    addEventListener('storage', () => this.look());
    // Older messages are added, too, and clearing a room removes messages.
    new MutationObserver(() => this.look()).observe(this.#list, { childList: true });
    this.look();
  }

  /** Posting marks everything as read. */
  onPosted(): void {
    this.#timeline.jumpToLatest();
    this.#line.drop();
    this.look();
  }

  /** Tracks what is in view, and shows what is unread. */
  look(): void {
    const { room, cursor } = this.#timeline;
    this.#seen = Math.max(this.#seen, lastRead(room) ?? 0);
    // When the log is reset, so are its numbers.
    if (cursor !== undefined && Number(cursor.split('.')[1]) < this.#seen) this.#seen = 0;
    const before = this.#seen;
    if (!document.hidden) this.#seen = Math.max(before, this.#lastInView());
    if (!document.hidden) markRead(room, this.#seen);
    const count = this.#unseen.length + this.#timeline.missed;
    if (count > 0) this.#line.placeAfter(this.#seen);
    else this.#line.read();
    this.#placeLine();
    this.#show(count);
  }

  /** Keeps the scroll position when the divider appears or disappears above it. */
  #placeLine(): void {
    if (this.#line.isInPlace) return;
    const { top } = this.#scroller.getBoundingClientRect();
    const held = this.#articles.find((article) => article.getBoundingClientRect().bottom > top);
    const before = held?.getBoundingClientRect().top ?? 0;
    this.#line.place();
    if (this.#timeline.isAtEnd) this.#timeline.toEnd();
    else this.#scroller.scrollTop += (held?.getBoundingClientRect().top ?? 0) - before;
  }

  get #articles(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > article')];
  }

  /** Messages of others that the user has not read. */
  get #unseen(): readonly HTMLElement[] {
    return this.#articles.filter(
      (article) =>
        messageId(article) > this.#seen && article.matches('.message:not(.own, .muted, .deleted)'),
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
    const plain = document.title.replace(/^\(\d+\+?\) /, '');
    const told = count > MAX_COUNTED ? `${MAX_COUNTED}+` : count;
    const title = count > 0 ? `(${told}) ${plain}` : plain;
    if (document.title !== title) document.title = title;
    this.#newer.hidden = count === 0 || this.#timeline.isAtEnd;
    this.#newer.textContent = t('new-messages', { count });
  }
}
