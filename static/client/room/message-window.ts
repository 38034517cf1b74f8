import { byId } from '../lib/dom.ts';

/** The maximum on the page; what lies above or below is loaded again on scrolling there. */
export const MAX_MESSAGES = 300;
/** This near to the end counts as being at the end. */
const NEAR_END_PX = 64;

/** The scroll anchor: a message, and the distance of its text from the top of the view. */
interface Anchor {
  readonly article: HTMLElement;
  readonly top: number;
}

/** The part of the room's history that the page holds, and the scroll position in it. */
export class MessageWindow {
  readonly scroller = byId('timeline');
  readonly #list = byId('messages');
  readonly #past = byId('past');
  /** Whether the first message of the room is on the page. */
  hasFirst = false;
  #isPresent = true;
  #isAtEnd = true;
  #anchor: Anchor | undefined;

  constructor() {
    // Before painting: whatever has changed its height, a reaction or a picture, above or below.
    new ResizeObserver(() => this.#settle()).observe(this.#list);
  }

  /** Whether the last message of the room is on the page, and new ones are added below it. */
  get isPresent(): boolean {
    return this.#isPresent;
  }

  set isPresent(isPresent: boolean) {
    this.#isPresent = isPresent;
    this.#past.hidden = isPresent;
    this.#isAtEnd &&= isPresent;
  }

  /** Whether the reader is at the end of the room, and follows what comes. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  get isFull(): boolean {
    return this.articles.length >= MAX_MESSAGES;
  }

  /** The messages of the room, without what is among them for this reader only. */
  get articles(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > article[id^="m-"]')];
  }

  /** Updates the scroll position. */
  look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#isAtEnd = this.#isPresent && isNear;
    this.#anchor = this.#findAnchor();
  }

  toEnd(): void {
    this.trimTop();
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#isAtEnd = this.#isPresent;
  }

  /** Changes the list, and keeps the scroll position to the pixel. */
  keepScroll(change: () => void): void {
    this.#anchor = this.#findAnchor();
    // Older messages are not announced as new.
    this.scroller.ariaBusy = 'true';
    change();
    this.#hold();
    this.scroller.ariaBusy = 'false';
  }

  /** A height has changed: keeps the scroll position, or the end in view. */
  #settle(): void {
    if (this.#isAtEnd) this.toEnd();
    else this.#hold();
  }

  #hold(): void {
    const { article, top } = this.#anchor ?? {};
    if (!article?.isConnected || top === undefined) return;
    this.scroller.scrollTop += this.#textTopOf(article) - top;
    this.#anchor = { article, top: this.#textTopOf(article) };
  }

  /** The first message that begins in view; or the one that fills it, if none does. */
  #findAnchor(): Anchor | undefined {
    const { articles } = this;
    let [from, to] = [0, articles.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const article = articles[middle];
      if (article && this.#topOf(article) < 0) from = middle + 1;
      else to = middle;
    }
    const first = articles[from];
    const isInView = first && this.#topOf(first) < this.scroller.clientHeight;
    const article = isInView ? first : articles[from - 1];
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

  /** Trims surplus messages at the top. */
  trimTop(): void {
    const surplus = this.articles.slice(0, -MAX_MESSAGES);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.hasFirst = false;
  }

  /** Trims surplus messages at the bottom: the latest is no longer on the page. */
  trimBottom(): void {
    const surplus = this.articles.slice(MAX_MESSAGES);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.isPresent = false;
  }
}
