import { byId } from './dom.ts';

/** What the page holds; what lies above or below comes back as one scrolls there. */
export const MOST = 300;
/** So near to the end of what is there, one is at it. */
const NEAR_END_PX = 64;

/** The stretch of the room's history that the page holds, and the reader's place in it. */
export class Stretch {
  readonly scroller = byId('timeline');
  readonly #list = byId('messages');
  readonly #past = byId('past');
  /** Whether the first message of the room is on the page. */
  isWhole = false;
  #isPresent = true;
  #isAtEnd = true;

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
    return this.articles.length >= MOST;
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
  }

  toEnd(): void {
    this.dropAbove();
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#isAtEnd = this.#isPresent;
  }

  /** Changes what is there, and holds the reader's place to the pixel. */
  hold(change: () => void): void {
    const { top } = this.scroller.getBoundingClientRect();
    const place = this.articles.find((article) => bottomOf(article) > top);
    const before = place ? bottomOf(place) : 0;
    // The past is not read out as though it were news.
    this.scroller.ariaBusy = 'true';
    change();
    if (place?.isConnected) this.scroller.scrollTop += bottomOf(place) - before;
    this.scroller.ariaBusy = 'false';
  }

  /** What is too much goes from the top. */
  dropAbove(): void {
    const surplus = this.articles.slice(0, -MOST);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.isWhole = false;
  }

  /** What is too much goes from the bottom: the reader is in the past from then on. */
  dropBelow(): void {
    const surplus = this.articles.slice(MOST);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.isPresent = false;
  }
}

function bottomOf(article: Element): number {
  return article.getBoundingClientRect().bottom;
}
