import { byId, messageId } from '../lib/dom.ts';
import { anchorIndex } from './anchor-index.ts';
import type { TimelineState } from './timeline-state.ts';

/** This near to the end counts as being at the end. */
const NEAR_END_PX = 64;

/** The scroll anchor: a message, and the distance of its text from the top of the view. */
interface Anchor {
  readonly article: HTMLElement;
  readonly top: number;
}

/** The same, for another page of the same messages. */
export interface ReadingPosition {
  readonly id: number;
  readonly top: number;
}

/** The messages of the room in a list, without what is among them for this reader only. */
export function messagesIn(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(':scope > article[id^="m-"]')];
}

/** The scroll position among the messages on the page. */
export class MessageWindow {
  readonly scroller = byId('timeline');
  readonly #state: TimelineState<HTMLElement>;
  readonly #list = byId('messages');
  readonly #jumpToLatest = byId('viewing-older');
  #anchor: Anchor | undefined;

  constructor(state: TimelineState<HTMLElement>) {
    this.#state = state;
    this.showJumpToLatest();
    // Before painting: whatever has changed its height, a reaction or a picture, above or below.
    new ResizeObserver(() => this.#settle()).observe(this.#list);
  }

  /** Shows the button that jumps to the latest messages, unless they are on the page. */
  showJumpToLatest(): void {
    this.#jumpToLatest.hidden = this.#state.hasLast;
  }

  /** Updates the scroll position. */
  updateScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#state.scrolled(scrollHeight - scrollTop - clientHeight < NEAR_END_PX);
    this.#anchor = this.#findAnchor();
  }

  /** The first message in view, and where it is. */
  get position(): ReadingPosition | undefined {
    const anchor = this.#findAnchor();
    return anchor && { id: messageId(anchor.article), top: anchor.top };
  }

  /** Scrolls a message to where it was. False if it is not on the page. */
  showPosition({ id, top }: ReadingPosition): boolean {
    const article = document.getElementById(`m-${id}`);
    if (!article) return false;
    this.scroller.scrollTop += this.#textTopOf(article) - top;
    this.updateScroll();
    return true;
  }

  toEnd(): void {
    this.#state.trimTop();
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#state.scrolled(true);
  }

  /** Changes the list, and keeps the scroll position to the pixel. */
  keepScroll(change: () => void): void {
    this.#anchor = this.#findAnchor();
    // Older messages are not announced as new.
    this.scroller.ariaBusy = 'true';
    change();
    this.showJumpToLatest();
    this.#restoreAnchor();
    this.scroller.ariaBusy = 'false';
  }

  /** A height has changed: keeps the scroll position, or the end in view. */
  #settle(): void {
    if (this.#state.isAtEnd) this.toEnd();
    else this.#restoreAnchor();
  }

  #restoreAnchor(): void {
    const { article, top } = this.#anchor ?? {};
    if (!article?.isConnected || top === undefined) return;
    this.scroller.scrollTop += this.#textTopOf(article) - top;
    this.#anchor = { article, top: this.#textTopOf(article) };
  }

  #findAnchor(): Anchor | undefined {
    const articles = messagesIn(this.#list);
    const topOf = (index: number) => this.#topOf(articles[index] ?? this.scroller);
    const article = articles[anchorIndex(articles.length, topOf, this.scroller.clientHeight)];
    return article && { article, top: this.#textTopOf(article) };
  }

  /** How far below the upper edge of the view it begins. */
  #topOf(article: Element): number {
    return article.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
  }

  /** The same for its text: its header goes when the author's previous message is added above. */
  #textTopOf(article: Element): number {
    return this.#topOf(article.querySelector(':scope > .body') ?? article);
  }
}
