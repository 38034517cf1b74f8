import { advanceCursor } from '../connection/cursor.ts';
import { OffscreenChanges } from './offscreen-changes.ts';

/** The maximum on the page; what lies above or below is loaded again on scrolling there. */
export const MAX_MESSAGES = 300;

/**
 * The messages on the page.
 * @typeParam M a message: an element of the page
 */
export interface MessageList<M> {
  /** The ids of the messages, in order. */
  readonly ids: readonly number[];
  /** The first of them, and the last. */
  readonly firstId: number | undefined;
  readonly lastId: number | undefined;
  has(id: number): boolean;
  idOf(message: M): number;
  /** The number of its last change. */
  seqOf(message: M): number;
  /** Inserts a message in order, or changes it to this state. */
  upsert(message: M): void;
  /** A message stays off the page for now. */
  hold(message: M): void;
  removeFirst(count: number): void;
  removeLast(count: number): void;
}

/** Whether the first message of the room is on the page, and the last. */
export interface TimelineEnds {
  readonly hasFirst: boolean;
  readonly hasLast: boolean;
}

interface TimelineStart extends TimelineEnds {
  readonly cursor: string | undefined;
}

/**
 * Which part of a room's history the page has, and where a message goes that arrives: on the page,
 * or nowhere until the reader scrolls there.
 */
export class TimelineState<M> {
  readonly #list: MessageList<M>;
  readonly #offscreen = new OffscreenChanges<M>();
  #cursor: string | undefined;
  /** The last known message of the room. */
  #newestId: number;
  #hasFirst: boolean;
  #hasLast: boolean;
  #isAtEnd: boolean;

  constructor(list: MessageList<M>, { cursor, hasFirst, hasLast }: TimelineStart) {
    this.#list = list;
    this.#cursor = cursor;
    this.#hasFirst = hasFirst;
    this.#hasLast = hasLast;
    this.#isAtEnd = hasLast;
    this.#newestId = this.lastId ?? 0;
  }

  /** The cursor; `undefined` during a reset. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Whether the first message of the room is on the page. */
  get hasFirst(): boolean {
    return this.#hasFirst;
  }

  /** Whether the last message of the room is on the page, and new ones are added below it. */
  get hasLast(): boolean {
    return this.#hasLast;
  }

  /** Whether the reader is at the end of the room, and follows what comes. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** The id of the first message on the page. */
  get firstId(): number | undefined {
    return this.#list.firstId;
  }

  /** The id of the last message on the page. */
  get lastId(): number | undefined {
    return this.#list.lastId;
  }

  /** The reader has scrolled. @param isNear whether the end of the page is in view */
  scrolled(isNear: boolean): void {
    this.#isAtEnd = this.#hasLast && isNear;
  }

  /** All up to the cursor has arrived. */
  setCursor(cursor: string): void {
    this.#cursor = cursor;
  }

  /** What the page has can't be continued. The page removes it. */
  reset(): void {
    this.#cursor = undefined;
    this.#hasFirst = false;
    this.#setHasLast(true);
    this.#offscreen.clear();
    this.#newestId = 0;
  }

  /** The messages of the room up to this one are gone. The page removes those it has. */
  expire(id: number): void {
    this.#offscreen.remove((other) => other <= id);
    const count = this.#list.ids.filter((other) => other <= id).length;
    if (count === 0) return;
    this.#list.removeFirst(count);
    this.#hasFirst = true;
  }

  /** Applies messages that arrived. Returns those that are new in the room. */
  apply(messages: readonly M[]): readonly M[] {
    const before = this.#newestId;
    for (const message of messages) {
      const id = this.#list.idOf(message);
      this.#cursor = advanceCursor(this.#cursor, this.#list.seqOf(message), id);
      this.#newestId = Math.max(this.#newestId, id);
      if (this.#isOffPage(id)) {
        this.#list.hold(message);
        this.#offscreen.add(id, message);
      } else this.#list.upsert(message);
    }
    return messages.filter((message) => this.#list.idOf(message) > before);
  }

  /** Older messages were loaded. @param isFirst whether there is nothing before them */
  insertOlder(messages: readonly M[], isFirst: boolean): void {
    for (const message of messages) this.#list.upsert(message);
    this.#hasFirst = isFirst;
    const surplus = this.#list.ids.length - MAX_MESSAGES;
    if (surplus > 0) {
      this.#list.removeLast(surplus);
      this.#setHasLast(false);
    }
    this.#mergeOffscreen();
  }

  /** Newer messages were loaded. @param isLast whether there was nothing after them */
  insertNewer(messages: readonly M[], isLast: boolean): void {
    for (const message of messages) this.#list.upsert(message);
    this.#setHasLast(isLast && this.#offscreen.covers(this.lastId ?? 0));
    this.#mergeOffscreen();
    this.trimTop();
  }

  /**
   * Another part of the history was loaded, and replaces what is outside it. What arrived meanwhile
   * stays: it is newer than what was loaded.
   */
  replaceAll(messages: readonly M[], { hasFirst, hasLast }: TimelineEnds): void {
    const loaded = messages.map((message) => this.#list.idOf(message));
    const [first = 0, last = 0] = [loaded.at(0), loaded.at(-1)];
    const { ids } = this.#list;
    const later = ids.filter((id) => id > last).length;
    this.#list.removeFirst(ids.filter((id) => id < first).length);
    if (later > 0 && !(hasLast && this.#hasLast)) this.#list.removeLast(later);
    this.#hasFirst = hasFirst;
    this.insertNewer(messages, hasLast);
  }

  /** Removes surplus messages at the top. */
  trimTop(): void {
    const surplus = this.#list.ids.length - MAX_MESSAGES;
    if (surplus <= 0) return;
    this.#list.removeFirst(surplus);
    this.#hasFirst = false;
  }

  /** The latest state of a message outside the page, if it has changed. */
  findOffscreen(id: number): M | undefined {
    return this.#offscreen.find(id);
  }

  /** Counts messages after the message `after` that arrived, and are below all that the page has. */
  countBelow(after: number, matches: (message: M) => boolean): number {
    const from = Math.max(after, this.lastId ?? 0);
    return this.#offscreen.count((message, id) => id > from && matches(message));
  }

  /** Whether the page has what is around a message: if not the message, then it is gone. */
  isAround(id: number): boolean {
    const { firstId, lastId } = this;
    if (firstId === undefined || lastId === undefined) return false;
    return (this.#hasFirst || id > firstId) && (this.#hasLast || id < lastId);
  }

  /** Whether it belongs above or below all that the page has: it is loaded on scrolling there. */
  #isOffPage(id: number): boolean {
    if (this.#list.has(id)) return false;
    const isAbove = !this.#hasFirst && id < (this.firstId ?? 0);
    const isBelow = id > (this.lastId ?? 0);
    // While the reader is further up and the page is full, what comes below is not added to it.
    if (isBelow && !this.#isAtEnd && this.#list.ids.length >= MAX_MESSAGES) this.#setHasLast(false);
    return isAbove || (isBelow && !this.#hasLast);
  }

  /** Puts changes on the page that did not fit there when they arrived, and do now. */
  #mergeOffscreen(): void {
    for (const message of this.#offscreen.remove((id) => !this.#isOffPage(id))) {
      this.#list.upsert(message);
    }
  }

  #setHasLast(hasLast: boolean): void {
    this.#hasLast = hasLast;
    this.#isAtEnd &&= hasLast;
  }
}
