import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import type { Timeline } from './timeline.ts';
import { lastRead, markRead } from './unread.ts';
import { UnreadDivider } from './unread-divider.ts';

/** More unseen messages than these are not counted in the title. */
const MAX_COUNTED = 99;

/** What one has seen of a room, and what one has not: by a line, a button, and the title of the page. */
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
    // Who has not been here before has missed nothing.
    this.#seen = lastRead(room) ?? lastId;
    this.#newer.addEventListener('click', () => timeline.jumpToLatest());
  }

  /** Begins where one left off, not where the others are by now; until then nothing counts as seen. */
  start(): void {
    const [first] = this.#unseen;
    // One who came for a certain message is where that is.
    if (first && !this.#timeline.isHighlighted && this.#timeline.isPresent) {
      this.#line.placeAfter(this.#seen);
      this.#line.place();
      const before = first.previousElementSibling;
      // One who was reading on from the line is where that was, and else at the line.
      if (before) this.#timeline.show(before, before.matches('article') ? 'end' : 'start');
    }
    this.#scroller.addEventListener('scroll', () => this.look(), { passive: true });
    document.addEventListener('visibilitychange', () => this.look());
    addEventListener('storage', () => this.look());
    // Older messages come, too, and those of a room that was cleared go.
    new MutationObserver(() => this.look()).observe(this.#list, { childList: true });
    this.look();
  }

  /** What one says ends what one has missed. */
  onPosted(): void {
    this.#timeline.jumpToLatest();
    this.#line.drop();
    this.look();
  }

  /** Sees what is in view, and shows what is not. */
  look(): void {
    const { room, cursor } = this.#timeline;
    this.#seen = Math.max(this.#seen, lastRead(room) ?? 0);
    // The numbers of a log that begins anew do, too.
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

  /** What one reads stays where it is when the line comes or goes above it. */
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

  /** What others have said and one has not seen. */
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
