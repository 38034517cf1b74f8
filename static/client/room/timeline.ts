import { completeMessage, seqOf } from '../lib/complete-message.ts';
import { byId, messageId } from '../lib/dom.ts';
import { morph } from '../lib/morph.ts';
import { Announcements } from './announcements.ts';
import { group, messageAfter } from './group.ts';
import type { MessageDecorator } from './message-decorator.ts';
import { MessageWindow, messagesIn, type ReadingPosition } from './message-window.ts';
import { type MessageList, type TimelineEnds, TimelineState } from './timeline-state.ts';

/** The margin above what is scrolled to: the bars over the messages are there. */
const MARGIN_PX = 96;

/** The messages on the page, in the order they were posted. */
export class Timeline implements MessageList<HTMLElement> {
  readonly #list = byId('messages');
  readonly #state: TimelineState<HTMLElement>;
  readonly #window: MessageWindow;
  readonly #decorator: MessageDecorator;
  readonly #announcements: Announcements;
  /** Loads the latest messages. */
  onReturn: () => void = () => {};
  /** What was on the page is incomplete, and is about to go. */
  onClear: () => void = () => {};

  /** @param reader decorates the messages */
  constructor(reader: MessageDecorator) {
    const { at, hasOlder, hasNewer, cursor } = this.#list.dataset;
    this.#decorator = reader;
    const ends = { hasFirst: hasOlder === undefined, hasLast: hasNewer === undefined };
    this.#state = new TimelineState(this, { cursor, ...ends });
    this.#window = new MessageWindow(this.#state);
    for (const article of this.#articles) completeMessage(article);
    this.redecorate();
    this.#list.classList.remove('raw');
    const { scroller } = this.#window;
    this.#announcements = new Announcements(scroller);
    scroller.addEventListener('scroll', () => this.updateScroll(), { passive: true });
    new ResizeObserver(() => this.follow()).observe(scroller);
    this.toEnd();
    if (at !== undefined) this.highlight(Number(at));
  }

  /** The cursor; `undefined` during a reset. */
  get cursor(): string | undefined {
    return this.#state.cursor;
  }

  get room(): string {
    return this.#list.dataset.room ?? '';
  }

  /** Whether nothing is missing between a message, or where it was, and the first on the page. */
  covers(id: number): boolean {
    return this.hasFirst || (this.firstId ?? 0) <= id;
  }

  /** Whether the first message of the room is on the page. */
  get hasFirst(): boolean {
    return this.#state.hasFirst;
  }

  /** Whether the last message of the room is on the page. */
  get hasLast(): boolean {
    return this.#state.hasLast;
  }

  get firstId(): number | undefined {
    let first = this.#list.firstElementChild;
    while (first && Number.isNaN(messageId(first))) first = first.nextElementSibling;
    return first ? messageId(first) : undefined;
  }

  get lastId(): number | undefined {
    let last = this.#list.lastElementChild;
    while (last && Number.isNaN(messageId(last))) last = last.previousElementSibling;
    return last ? messageId(last) : undefined;
  }

  has(id: number): boolean {
    return document.getElementById(`m-${id}`)?.parentElement === this.#list;
  }

  get #articles(): readonly HTMLElement[] {
    return messagesIn(this.#list);
  }

  get ids(): readonly number[] {
    return this.#articles.map(messageId);
  }

  idOf(article: HTMLElement): number {
    return messageId(article);
  }

  seqOf(article: HTMLElement): number {
    return seqOf(article);
  }

  /** Sets the reader's own uids. */
  own(uids: readonly string[]): void {
    this.#decorator.own = uids;
    this.redecorate();
  }

  /** What is for this reader only has changed. */
  redecorate(): void {
    for (const article of this.#articles) this.#decorator.decorate(article);
  }

  /** What is shown is incomplete: resets. */
  clear(): void {
    this.onClear();
    this.#state.reset();
    this.#list.replaceChildren();
    this.#window.showJumpToLatest();
  }

  /** The messages of the room up to this one are gone. */
  expire(id: number): void {
    const hasSome = (this.firstId ?? id + 1) <= id;
    if (hasSome) this.#window.keepScroll(() => this.#state.expire(id));
    else this.#state.expire(id);
  }

  /** All up to the cursor has arrived. */
  setCursor(cursor: string): void {
    this.#state.setCursor(cursor);
  }

  /** Applies new messages, and follows them if the reader was at the end. */
  apply(articles: readonly HTMLElement[]): void {
    this.#announcements.expect(articles.length);
    const fresh = this.#state.apply(articles);
    this.#announcements.shown(fresh.length);
    const newest = fresh.at(-1);
    this.#window.showJumpToLatest();
    // The user's message scrolls to the end at once; their poll, when it has arrived.
    if (newest?.matches('.poll') && this.#decorator.isOwn(newest)) this.jumpToLatest();
    else this.follow();
  }

  /**
   * Adds older messages, and keeps the scroll position.
   * @param isFirst whether there is nothing before them
   */
  insertOlder(articles: readonly HTMLElement[], isFirst: boolean): void {
    this.#window.keepScroll(() => this.#state.insertOlder(articles, isFirst));
  }

  /**
   * Adds newer messages, and keeps the scroll position.
   * @param isLast whether there was nothing after them
   */
  insertNewer(articles: readonly HTMLElement[], isLast: boolean): void {
    this.#window.keepScroll(() => this.#state.insertNewer(articles, isLast));
    this.updateScroll();
  }

  /** Replaces all messages by the last ones of the room. */
  showLatest(articles: readonly HTMLElement[], hasFirst: boolean): void {
    this.replaceAll(articles, { hasFirst, hasLast: true });
    this.toEnd();
  }

  /** Replaces all messages by another part of the history. */
  replaceAll(articles: readonly HTMLElement[], ends: TimelineEnds): void {
    this.#decorator.markedId = undefined;
    this.#window.keepScroll(() => {
      this.#state.replaceAll(articles, ends);
      // Messages that are in both parts are laid out again: to the browser they have not moved.
      this.#list.append(...this.#list.childNodes);
    });
    this.updateScroll();
  }

  /** Highlights a message, if the page holds it. */
  highlight(id: number): void {
    const article = document.getElementById(`m-${id}`);
    if (!article) return;
    this.#decorator.markedId = id;
    this.redecorate();
    article.scrollIntoView({ block: 'center' });
    article.focus({ preventScroll: true });
    this.updateScroll();
  }

  /** Whether a message is highlighted that the reader came for. */
  get isHighlighted(): boolean {
    return this.#decorator.markedId !== undefined;
  }

  /** How many messages of others after the message `after` arrived below all that the page has. */
  countBelow(after: number): number {
    return this.#state.countBelow(after, (article) => this.#decorator.isFromOthers(article));
  }

  /** A message as it is now, even if it is off the page. */
  find(id: number): HTMLElement | undefined {
    return document.getElementById(`m-${id}`) ?? this.#state.findOffscreen(id);
  }

  /** Whether a message is gone: it was deleted, or the history cleared. */
  isGone(id: number): boolean {
    const article = this.find(id);
    return article ? article.matches('.deleted') : this.#state.isAround(id);
  }

  /** Whether the reader is at the end of the room. */
  get isAtEnd(): boolean {
    return this.#state.isAtEnd;
  }

  /** Where the reader is; nothing if there are no messages. */
  get position(): ReadingPosition | undefined {
    return this.#window.position;
  }

  /** Returns to such a position. False if the message is not on the page. */
  showPosition(position: ReadingPosition): boolean {
    return this.#window.showPosition(position);
  }

  /** Updates the scroll position. */
  updateScroll(): void {
    this.#window.updateScroll();
  }

  /** Scrolls something to an edge of the view: only the timeline scrolls, not the page. */
  show(element: Element, edge: 'start' | 'end'): void {
    const { scroller } = this.#window;
    const shown = element.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const by = edge === 'start' ? shown.top - view.top - MARGIN_PX : shown.bottom - view.bottom;
    scroller.scrollTop += by;
    this.updateScroll();
  }

  /** A height at the end has changed: follows it if the reader was there. */
  follow(): void {
    if (this.isAtEnd) this.toEnd();
  }

  toEnd(): void {
    this.#window.toEnd();
  }

  /** Jumps to the end of the room, from anywhere in its history. */
  jumpToLatest(): void {
    if (this.hasLast) this.toEnd();
    else this.onReturn();
  }

  hold(article: HTMLElement): void {
    completeMessage(article);
    this.#decorator.decorate(article);
  }

  removeFirst(count: number): void {
    for (const article of this.#articles.slice(0, count)) article.remove();
  }

  removeLast(count: number): void {
    for (const article of this.#articles.slice(-count)) article.remove();
  }

  /** Morphs an article that is on the page, inserts an article that is not. */
  upsert(article: HTMLElement): void {
    completeMessage(article);
    const here = document.getElementById(article.id);
    if (here) {
      if (seqOf(here) > seqOf(article)) return;
      const focused = here.contains(document.activeElement) ? document.activeElement : undefined;
      morph(here, article);
      this.#decorator.decorate(here);
      if (focused && !here.contains(document.activeElement)) this.#refocus(focused.id);
      return;
    }
    let after = this.#list.lastElementChild;
    while (after && !(messageId(after) < messageId(article))) after = after.previousElementSibling;
    // Elements that are no messages stay after the message before them.
    while (after?.nextElementSibling?.matches(':not(article)')) after = after.nextElementSibling;
    if (after) after.after(article);
    else this.#list.prepend(article);
    this.#decorator.decorate(article);
    const next = messageAfter(article);
    if (next) group(next);
  }

  /** Restores the focus, or moves it if its element is gone, as a button that deletes a message. */
  #refocus(id: string): void {
    const replacement = id === '' ? null : document.getElementById(id);
    (replacement ?? this.#window.scroller).focus({ preventScroll: true });
  }
}
