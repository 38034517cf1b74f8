import { byId } from '../lib/dom.ts';

/** What the page holds; what lies above or below comes back as one scrolls there. */
export const MAX_MESSAGES = 300;
/** So near to the end of what is there, one is at it. */
const NEAR_END_PX = 64;

/** By what the reader's place is held: a message, and how far below the upper edge of the view its text begins. */
interface Anchor {
  readonly article: HTMLElement;
  readonly top: number;
}

/** The stretch of the room's history that the page holds, and the reader's place in it. */
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
    // Before it is painted: whatever is of another height now, a reaction or a picture, above or below.
    new ResizeObserver(() => this.#settle()).observe(this.#list);
  }

  /** Whether the last message of the room is on the page, and what comes is put below it. */
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

  /** The messages of the room; what stands among them for this reader alone is none. */
  get articles(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > article[id^="m-"]')];
  }

  /** Sees where the reader is now. */
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

  /** Changes what is there, and holds the reader's place to the pixel. */
  keepScroll(change: () => void): void {
    this.#anchor = this.#findAnchor();
    // The past is not read out as though it were news.
    this.scroller.ariaBusy = 'true';
    change();
    this.#hold();
    this.scroller.ariaBusy = 'false';
  }

  /** Something is of another height: what is read stays where it is, or the end in view. */
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

  /** The first message that begins in view; or the one that fills it, where none does. */
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

  /** The same of what is read in it: the line above that goes where its author wrote the message before, too. */
  #textTopOf(article: Element): number {
    return this.#topOf(article.querySelector(':scope > .body') ?? article);
  }

  /** What is too much goes from the top. */
  trimTop(): void {
    const surplus = this.articles.slice(0, -MAX_MESSAGES);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.hasFirst = false;
  }

  /** What is too much goes from the bottom: the reader is in the past from then on. */
  trimBottom(): void {
    const surplus = this.articles.slice(MAX_MESSAGES);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.isPresent = false;
  }
}
