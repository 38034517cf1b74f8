import { Idiomorph } from 'idiomorph';
import { wordTime } from './clock.ts';
import { byId } from './dom.ts';
import type { Mutes } from './mutes.ts';
import { say } from './words.ts';

/** Messages of one author within this time are one group. */
const GROUP_MS = 5 * 60 * 1000;
/** What the page holds; what is above that comes back as one scrolls up. */
const MOST = 300;
/** What this page has added to a fragment by itself stays when the fragment changes. */
const KEEPING = {
  callbacks: {
    beforeNodeRemoved: (node: Node) => !(node instanceof Element && node.matches('.mine')),
  },
};
/** So near to its end, the timeline follows what comes. */
const NEAR_END_PX = 64;
/** What is shown at the top stands so far below it. */
const MARGIN_PX = 16;

/** The messages on the page, in the order they were posted. */
export class Timeline {
  readonly #scroller = byId('timeline');
  readonly #list = byId('messages');
  #cursor = this.#list.dataset.cursor;
  readonly #mutes: Mutes;
  readonly #dressPoll: (article: HTMLElement) => void;
  #ownUid = '';
  #isKeeper = false;
  #isAtEnd = true;
  /** Whether the first message of the room is on the page. */
  isWhole = false;

  /**
   * @param mutes whom the reader does not want to hear
   * @param dressPoll adds to a poll what is for this reader alone
   */
  constructor(mutes: Mutes, dressPoll: (article: HTMLElement) => void) {
    this.#mutes = mutes;
    this.#dressPoll = dressPoll;
    for (const article of this.#articles) this.#dress(article);
    this.#scroller.addEventListener('scroll', () => this.look(), { passive: true });
    new ResizeObserver(() => this.follow()).observe(this.#scroller);
    this.toEnd();
  }

  /** What has been seen, as the server counts; none while a new beginning is coming in. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  get room(): string {
    return this.#list.dataset.room ?? '';
  }

  /** The number of the first message on the page. */
  get firstId(): number | undefined {
    const first = this.#list.querySelector(':scope > article');
    return first ? idOf(first) : undefined;
  }

  /** The number of the last message on the page. */
  get lastId(): number | undefined {
    const last = this.#list.lastElementChild;
    return last ? idOf(last) : undefined;
  }

  /** Whose messages are this page's own. */
  own(uid: string): void {
    this.#ownUid = uid;
    this.redress();
  }

  /** Whether whoever is at this page may take messages away. */
  set isKeeper(isKeeper: boolean) {
    if (this.#isKeeper === isKeeper) return;
    this.#isKeeper = isKeeper;
    this.redress();
  }

  /** What is for this reader alone has changed. */
  redress(): void {
    for (const article of this.#articles) this.#dress(article);
  }

  /** What is shown is not the whole any more: begins anew. */
  clear(): void {
    this.#cursor = undefined;
    this.isWhole = false;
    this.#list.replaceChildren();
  }

  /** All up to the cursor has come. */
  isLevel(cursor: string): void {
    this.#cursor = cursor;
  }

  /** Takes what is new, and follows it where the reader was at the end. */
  take(articles: readonly HTMLElement[]): void {
    const before = this.#list.lastElementChild;
    for (const article of articles) {
      this.#see(Number(article.dataset.seq));
      if (!this.#isAbove(article)) this.#put(article);
    }
    const last = this.#list.lastElementChild;
    // What one writes leads to the end at once; what one asks by a form, when it is there.
    if (this.#isAtEnd || (last !== before && last?.matches('.own.poll'))) this.toEnd();
  }

  /** Takes what is older, and holds the reader's place. */
  takeOlder(articles: readonly HTMLElement[]): void {
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    // The past is not read out as though it were news.
    this.#scroller.ariaBusy = 'true';
    for (const article of articles) this.#put(article);
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
    this.#scroller.ariaBusy = 'false';
  }

  /** Whether the reader is at the end. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Sees where the reader is. */
  look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** Brings something into view at an edge of the screen: the timeline alone moves, not the page. */
  show(element: Element, edge: 'start' | 'end'): void {
    const shown = element.getBoundingClientRect();
    const view = this.#scroller.getBoundingClientRect();
    const by = edge === 'start' ? shown.top - view.top - MARGIN_PX : shown.bottom - view.bottom;
    this.#scroller.scrollTop += by;
    this.look();
  }

  /** Something at the end is of another height: follows it where the reader was there. */
  follow(): void {
    if (this.#isAtEnd) this.toEnd();
  }

  toEnd(): void {
    const surplus = this.#articles.slice(0, -MOST);
    for (const article of surplus) article.remove();
    if (surplus.length > 0) this.isWhole = false;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#isAtEnd = true;
  }

  get #articles(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > article')];
  }

  #see(seq: number): void {
    const [epoch, seen] = this.#cursor?.split('.') ?? [];
    if (seq > Number(seen)) this.#cursor = `${epoch}.${seq}`;
  }

  /** Whether it changes a message above all that the page holds: it comes as one scrolls there. */
  #isAbove(article: HTMLElement): boolean {
    const isHere = document.getElementById(article.id) !== null;
    return !isHere && !this.isWhole && idOf(article) < (this.firstId ?? 0);
  }

  /** The one rule: what is on the page is morphed, what is not is put in its place. */
  #put(article: HTMLElement): void {
    const here = document.getElementById(article.id);
    if (here) {
      if (Number(here.dataset.seq) > Number(article.dataset.seq)) return;
      const focused = here.contains(document.activeElement) ? document.activeElement : undefined;
      Idiomorph.morph(here, article, KEEPING);
      this.#dress(here);
      if (focused && !here.contains(document.activeElement)) this.#refocus(focused.id);
      return;
    }
    let after = this.#list.lastElementChild;
    // A line that is no message may stand between them.
    while (after && !(idOf(after) < idOf(article))) after = after.previousElementSibling;
    if (after) after.after(article);
    else this.#list.prepend(article);
    this.#dress(article);
    if (article.nextElementSibling) group(article.nextElementSibling);
  }

  /** What had the focus stands there anew; or it is gone, as the button that deleted a message. */
  #refocus(id: string): void {
    const anew = id === '' ? null : document.getElementById(id);
    (anew ?? this.#scroller).focus({ preventScroll: true });
  }

  /** Adds what is for this reader alone, and so is in no fragment. */
  #dress(article: HTMLElement): void {
    const time = article.querySelector('time');
    if (time) wordTime(time);
    if (!article.classList.contains('message')) return;
    const { uid = '' } = article.dataset;
    const isOwn = uid === this.#ownUid;
    article.classList.toggle('own', isOwn);
    article.classList.toggle('muted', this.#mutes.has(uid));
    article.querySelector('button.delete')?.remove();
    if (this.#isKeeper && !article.classList.contains('deleted')) {
      article.querySelector('header')?.append(deleteButton());
    }
    const word = article.querySelector('.who > [lang]');
    if (isOwn && word)
      for (const one of article.querySelectorAll('.who > [lang]')) one.textContent = say('you');
    if (article.classList.contains('poll')) this.#dressPoll(article);
    group(article);
  }
}

/** The number of a message; none of another element. */
export function idOf(article: Element): number {
  return Number.parseInt(article.id.slice('m-'.length), 10);
}

/** A message that goes on where its author stopped is shown without its head. */
export function group(article: Element, previous = article.previousElementSibling): void {
  const isContinued =
    article instanceof HTMLElement &&
    previous instanceof HTMLElement &&
    article.classList.contains('message') &&
    previous.classList.contains('message') &&
    previous.dataset.uid === article.dataset.uid &&
    timeOf(article) - timeOf(previous) < GROUP_MS;
  article.classList.toggle('continued', isContinued);
}

function timeOf(article: Element): number {
  return Date.parse(article.querySelector('time')?.dateTime ?? '');
}

function deleteButton(): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'delete quiet';
  button.ariaLabel = say('delete-message');
  button.textContent = say('delete');
  return button;
}
