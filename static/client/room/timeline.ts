import { advanceCursor } from '../connection/cursor.ts';
import { byId, messageId } from '../lib/dom.ts';
import { morph } from '../lib/morph.ts';
import { group } from './group.ts';
import type { MessageDecorator } from './message-decorator.ts';
import { MessageWindow } from './message-window.ts';
import { OffscreenChanges } from './offscreen-changes.ts';

/** The margin above what is scrolled to. */
const MARGIN_PX = 16;

/** The messages on the page, in the order they were posted. */
export class Timeline {
  readonly #window = new MessageWindow();
  readonly #list = byId('messages');
  #cursor = this.#list.dataset.cursor;
  readonly #decorator: MessageDecorator;
  readonly #missed = new OffscreenChanges();
  /** The last known message of the room. */
  #newestId = 0;
  /** Loads the latest messages. */
  onReturn: () => void = () => {};

  /** @param reader decorates the messages */
  constructor(reader: MessageDecorator) {
    this.#decorator = reader;
    for (const article of this.#window.articles) this.#decorator.decorate(article);
    const { scroller } = this.#window;
    scroller.addEventListener('scroll', () => this.look(), { passive: true });
    new ResizeObserver(() => this.follow()).observe(scroller);
    this.#newestId = this.lastId ?? 0;
    const { at, past } = this.#list.dataset;
    this.toEnd();
    this.#window.isPresent = past === undefined;
    if (at !== undefined) this.highlight(Number(at));
  }

  /** The cursor; `undefined` during a reset. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  get room(): string {
    return this.#list.dataset.room ?? '';
  }

  /** Whether the first message of the room is on the page. */
  get isWhole(): boolean {
    return this.#window.hasFirst;
  }

  /** Whether the last message of the room is on the page. */
  get isPresent(): boolean {
    return this.#window.isPresent;
  }

  /** The id of the first message on the page. */
  get firstId(): number | undefined {
    const first = this.#window.articles.at(0);
    return first && messageId(first);
  }

  /** The id of the last message on the page. */
  get lastId(): number | undefined {
    const last = this.#window.articles.at(-1);
    return last && messageId(last);
  }

  /** Sets the reader's uid. */
  own(uid: string): void {
    this.#decorator.uid = uid;
    this.redecorate();
  }

  /** What is for this reader only has changed. */
  redecorate(): void {
    for (const article of this.#window.articles) this.#decorator.decorate(article);
  }

  /** What is shown is incomplete: resets. */
  clear(): void {
    this.#cursor = undefined;
    this.#window.hasFirst = false;
    this.#window.isPresent = true;
    this.#missed.clear();
    this.#newestId = 0;
    this.#list.replaceChildren();
  }

  /** All up to the cursor has arrived. */
  setCursor(cursor: string): void {
    this.#cursor = cursor;
  }

  /** Applies new messages, and follows them if the reader was at the end. */
  take(articles: readonly HTMLElement[]): void {
    const before = this.#newestId;
    let isAsked = false;
    for (const article of articles) {
      this.#cursor = advanceCursor(this.#cursor, Number(article.dataset.seq), messageId(article));
      this.#newestId = Math.max(this.#newestId, messageId(article));
      if (messageId(article) > before)
        isAsked = this.#decorator.isOwn(article) && article.matches('.poll');
      if (this.#isBeyond(article)) this.#miss(article);
      else this.#put(article);
    }
    const isNews = this.#newestId > before;
    // The user's message scrolls to the end at once; their poll, when it is there.
    if (isNews && isAsked) this.jumpToLatest();
    else this.follow();
  }

  /**
   * Adds older messages, and keeps the scroll position.
   * @param isFirst whether there is nothing before them
   */
  takeOlder(articles: readonly HTMLElement[], isFirst: boolean): void {
    this.#window.keepScroll(() => {
      for (const article of articles) this.#put(article);
      this.#window.hasFirst = isFirst;
      this.#window.trimBottom();
      this.#mergeMissed();
    });
  }

  /**
   * Adds newer messages, and keeps the scroll position.
   * @param isLast whether there was nothing after them
   */
  takeNewer(articles: readonly HTMLElement[], isLast: boolean): void {
    this.#window.keepScroll(() => {
      for (const article of articles) this.#put(article);
      this.#window.isPresent = isLast && this.#missed.covers(this.lastId ?? 0);
      this.#mergeMissed();
      this.#window.trimTop();
    });
    this.look();
  }

  /** Replaces all that is there by the last messages of the room. */
  replaceAll(articles: readonly HTMLElement[], isWhole: boolean): void {
    for (const article of this.#window.articles) article.remove();
    this.#window.hasFirst = isWhole;
    this.#decorator.markedId = undefined;
    this.takeNewer(articles, true);
    this.toEnd();
  }

  /** Highlights a message, if the page holds it. */
  highlight(id: number): void {
    const article = document.getElementById(`m-${id}`);
    if (!article) return;
    this.#decorator.markedId = id;
    this.redecorate();
    article.tabIndex = -1;
    article.scrollIntoView({ block: 'center' });
    article.focus({ preventScroll: true });
    this.look();
  }

  /** Whether a message is highlighted that the reader came for. */
  get isHighlighted(): boolean {
    return this.#decorator.markedId !== undefined;
  }

  /** How many messages of others are below all that the page holds. */
  get missed(): number {
    const isBelow = (article: HTMLElement) => messageId(article) > (this.lastId ?? 0);
    return this.#missed.count(
      (article) => isBelow(article) && this.#decorator.isFromOthers(article),
    );
  }

  /** A message as it is now, even if it is off the page. */
  find(id: number): HTMLElement | undefined {
    return document.getElementById(`m-${id}`) ?? this.#missed.find(`m-${id}`);
  }

  /** Whether a message is gone: deleted, or the room was cleared. */
  isGone(id: number): boolean {
    const article = this.find(id);
    if (article) return article.matches('.deleted');
    const { firstId, lastId } = this;
    if (firstId === undefined || lastId === undefined) return false;
    return (this.isWhole || id > firstId) && (this.isPresent || id < lastId);
  }

  /** Whether the reader is at the end of the room. */
  get isAtEnd(): boolean {
    return this.#window.isAtEnd;
  }

  /** Updates the scroll position. */
  look(): void {
    this.#window.look();
  }

  /** Scrolls something to an edge of the view: only the timeline scrolls, not the page. */
  show(element: Element, edge: 'start' | 'end'): void {
    const { scroller } = this.#window;
    const shown = element.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const by = edge === 'start' ? shown.top - view.top - MARGIN_PX : shown.bottom - view.bottom;
    scroller.scrollTop += by;
    this.look();
  }

  /** A height at the end has changed: follows it if the reader was there. */
  follow(): void {
    if (this.#window.isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.#window.toEnd();
  }

  /** Jumps to the end of the room, from anywhere in its history. */
  jumpToLatest(): void {
    if (this.#window.isPresent) this.toEnd();
    else this.onReturn();
  }

  /** Whether it belongs above or below all that the page holds: it is loaded on scrolling there. */
  #isBeyond(article: HTMLElement): boolean {
    if (document.getElementById(article.id)) return false;
    const { hasFirst, isPresent, isAtEnd, isFull } = this.#window;
    const isAbove = !hasFirst && messageId(article) < (this.firstId ?? 0);
    const isBelow = messageId(article) > (this.lastId ?? 0);
    // While the reader is further up and the page is full, what comes below is not added to it.
    if (isBelow && isPresent && !isAtEnd && isFull) this.#window.isPresent = false;
    return isAbove || (isBelow && !this.#window.isPresent);
  }

  #miss(article: HTMLElement): void {
    this.#decorator.decorate(article);
    this.#missed.add(article);
  }

  /** Inserts changes that arrived while they did not fit on the page, and do now. */
  #mergeMissed(): void {
    for (const article of this.#missed.take((one) => !this.#isBeyond(one))) this.#put(article);
  }

  /** Morphs an article that is on the page, inserts one that is not. */
  #put(article: HTMLElement): void {
    const here = document.getElementById(article.id);
    if (here) {
      if (Number(here.dataset.seq) > Number(article.dataset.seq)) return;
      const focused = here.contains(document.activeElement) ? document.activeElement : undefined;
      morph(here, article);
      this.#decorator.decorate(here);
      if (focused && !here.contains(document.activeElement)) this.#refocus(focused.id);
      return;
    }
    let after = this.#list.lastElementChild;
    while (after && !(messageId(after) < messageId(article))) after = after.previousElementSibling;
    // Elements that are no messages stay with the one before them.
    while (after?.nextElementSibling?.matches(':not(article)')) after = after.nextElementSibling;
    if (after) after.after(article);
    else this.#list.prepend(article);
    this.#decorator.decorate(article);
    if (article.nextElementSibling) group(article.nextElementSibling);
  }

  /** Restores the focus, or moves it if its element is gone, as a button that deletes a message. */
  #refocus(id: string): void {
    const replacement = id === '' ? null : document.getElementById(id);
    (replacement ?? this.#window.scroller).focus({ preventScroll: true });
  }
}
