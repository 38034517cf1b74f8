import { byId, messageId } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import { messagesIn } from '../message-window.ts';
import { areMessagesShown } from '../stage/views.ts';
import type { Timeline } from '../timeline.ts';
import { fetchUnread, type Unread } from './fetch-unread.ts';
import { ReadPosition, titleWithCount } from './read-position.ts';
import { ReadReports } from './read-reports.ts';
import { readThrough } from './read-through.ts';
import { UnreadBar } from './unread-bar.ts';
import { UnreadCount } from './unread-count.ts';
import { UnreadDivider } from './unread-divider.ts';

/** Messages that are unread until they were on the screen. */
const COUNTS = '.message:not(.own, .muted, .deleted)';
/** The server counts up to this number. */
const MAX_COUNTED = 1_000;
/** Another tab that reads on does so for a while: then the server counts again. */
const RECOUNT_MS = 1_000;

interface ReadTrackerOptions {
  /** Loads the messages around the end of a message. Rejects if they cannot be loaded. */
  readonly openAfter: (id: number) => Promise<void>;
  /** Whether the page receives what is posted. */
  readonly isLive: () => boolean;
  /** The uid of the user that the browser is signed in as; `undefined` for a guest. */
  readonly uid: () => string | undefined;
  /** Stores on the server that a signed-in user has read up to a message; `false` if that fails. */
  readonly report: (id: number) => Promise<boolean>;
  /** The token of the tab's guest. */
  readonly token: () => string | undefined;
}

/**
 * Marks what was on the screen as read, and nothing else. Leads to the first unread message of a reader
 * who comes back, and shows what is unread by a divider, a bar, a button and the title.
 */
export class ReadTracker {
  readonly #timeline: Timeline;
  readonly #options: ReadTrackerOptions;
  readonly #scroller = byId('timeline');
  readonly #list = byId('messages');
  readonly #newer = byId('newer');
  /** At the view of the messages, in a room for a class. */
  readonly #badge = byId('unread-messages');
  readonly #divider: UnreadDivider;
  readonly #position: ReadPosition;
  readonly #count = new UnreadCount();
  readonly #bar: UnreadBar;
  readonly #reports: ReadReports;
  /** Messages on the page, after the read position, that were on the screen. */
  #seen: ReadonlySet<number> = new Set();
  /** The last event that the page knew of. */
  #newestId: number;
  /** That, when the reader left: the page was hidden, or the connection lost. */
  #leftAt: number | undefined;
  /** While it is opened at a message, nothing counts as read. */
  #isOpening = true;
  #recount: ReturnType<typeof setTimeout> | undefined;

  constructor(timeline: Timeline, options: ReadTrackerOptions) {
    const { room, cursor } = timeline;
    this.#timeline = timeline;
    this.#options = options;
    this.#newestId = seqOf(cursor);
    this.#divider = new UnreadDivider(room, (id) => timeline.covers(id));
    const stored = this.#list.dataset.readId;
    const storedId = stored === undefined ? undefined : Number(stored);
    this.#position = new ReadPosition(room, this.#newestId, options.uid, storedId);
    this.#reports = new ReadReports({ send: options.report, storedId: storedId ?? 0 });
    this.#bar = new UnreadBar({
      jumpToLatest: () => timeline.jumpToLatest(),
      jumpToFirst: () => void this.#open(this.#position.lastId),
      markAsRead: () => this.#markAsRead(),
    });
    this.#newer.addEventListener('click', () => timeline.jumpToLatest());
    timeline.onClear = () => {
      this.#leftAt ??= this.#newestId;
    };
  }

  /**
   * Opens the room where the reader left off: until then nothing counts as read.
   * @param isBack whether the reader has come back to where they were in its history, and stays there
   */
  start(isBack: boolean): void {
    this.#scroller.addEventListener('scroll', () => this.update(), { passive: true });
    document.addEventListener('visibilitychange', () => {
      this.update();
      if (document.hidden) this.#reports.flush();
    });
    addEventListener('pagehide', () => this.#reports.flush());
    addEventListener('storage', () => this.update());
    // Older messages are added, too, and clearing a room removes messages.
    new MutationObserver(() => this.update()).observe(this.#list, { childList: true });
    void this.#open(this.#position.lastId, isBack);
  }

  /** Posting leads to the end. */
  onPosted(): void {
    this.#timeline.jumpToLatest();
    this.#divider.position.drop();
    this.update();
  }

  /** The user has read up to this message, here or on another device. */
  onStored(id: number): void {
    const before = this.#position.lastId;
    this.#reports.stored(id);
    this.#position.advance(id);
    if (this.#position.lastId > before && !this.#isComplete) this.#recountLater();
    this.update();
  }

  /** Tracks what is in view, and shows what is unread. */
  update(): void {
    if (this.#isOpening) return;
    const { cursor, isAtEnd } = this.#timeline;
    const isAway = !isOnScreen() || !this.#options.isLive() || cursor === undefined;
    const leftAt = this.#leftAt;
    this.#leftAt = isAway ? (leftAt ?? this.#newestId) : undefined;
    this.#sync();
    if (!isAway && leftAt !== undefined && isAtEnd && this.#isOutOfView(leftAt)) {
      // What arrived meanwhile is more than the screen holds.
      void this.#open(Math.min(leftAt, this.#newestId));
      return;
    }
    if (isOnScreen()) this.#read();
    this.#show();
  }

  /** Leads to the first message after `after` that is unread. */
  async #open(after: number, isBack = false): Promise<void> {
    const from = this.#position.lastId;
    this.#isOpening = true;
    // A reader who came for a certain message stays there.
    const stays = isBack || (this.#timeline.isHighlighted && !this.#bar.isOpen);
    if (!stays && after < this.#newestId && !this.#timeline.covers(after)) {
      // Without them the page has the latest, and those before them stay unread.
      await this.#options.openAfter(after).catch(() => {});
    }
    const unread = this.#unreadHere;
    if (!stays) this.#lead(after);
    this.#isOpening = false;
    this.update();
    if (this.#total > 0) await this.#openBar(from, unread);
  }

  #lead(after: number): void {
    const first = this.#unread.find((article) => messageId(article) > after);
    if (!first) return;
    this.#divider.position.placeAfter(this.#position.lastId);
    this.#divider.insert();
    const before = first.previousElementSibling;
    // A reader who was at the divider stays there; otherwise it is scrolled to.
    if (before?.matches('article')) this.#timeline.show(before, 'end');
    else this.#timeline.show(before ?? first, 'start');
  }

  async #openBar(from: number, unread: Unread | undefined): Promise<void> {
    const counted = unread ?? (await this.#fetchCount(from));
    if (!counted || this.#total === 0) return;
    this.#bar.open(counted);
    this.#show();
  }

  /** Lets the server count what is unread after a message; `undefined` if it is out of reach. */
  async #fetchCount(after: number): Promise<Unread | undefined> {
    const throughId = this.#newestId;
    try {
      const { room } = this.#timeline;
      const unread = await fetchUnread(room, after, MAX_COUNTED, this.#options.token());
      this.#count.counted(unread.count, throughId);
      this.#count.read(this.#readBetween(after, this.#position.lastId));
      return unread;
    } catch {
      return undefined;
    }
  }

  /** Everything that the page knows of is read, whether it was on the screen or not. */
  #markAsRead(): void {
    this.#position.update({ cursor: this.#timeline.cursor, lastId: this.#newestId });
    this.#count.counted(0, this.#newestId);

    this.#scroller.focus({ preventScroll: true });
    this.update();
  }

  /** Follows the position of other tabs, and the log. */
  #sync(): void {
    const { cursor } = this.#timeline;
    const before = this.#position.lastId;
    this.#position.update({ cursor, lastId: undefined });
    if (cursor !== undefined) this.#newestId = seqOf(cursor);
    if (this.#position.lastId > before && !this.#isComplete) this.#recountLater();
    this.#count.read(this.#readBetween(before, this.#position.lastId));
  }

  #read(): void {
    const before = this.#position.lastId;
    this.#position.update({ cursor: this.#timeline.cursor, lastId: this.#readThrough() });
    this.#count.read(this.#readBetween(before, this.#position.lastId));
    if (this.#options.uid() !== undefined) this.#reports.report(this.#position.lastId);
  }

  /** How far the reader has read, with what is on the screen now. */
  #readThrough(): number {
    const { lastId } = this.#position;
    // What arrives while the page catches up runs through the screen.
    const last = this.#leftAt ?? Number.POSITIVE_INFINITY;
    const articles = this.#articles.filter(
      (article) => messageId(article) > lastId && messageId(article) <= last,
    );
    const inView = new Set(this.#inView(articles).map(messageId));
    const ids = articles.map(messageId);
    this.#seen = new Set(ids.filter((id) => this.#seen.has(id) || inView.has(id)));
    if (!this.#timeline.covers(lastId)) return lastId;
    const readable = articles.map((article) => ({
      id: messageId(article),
      counts: counts(article),
    }));
    return readThrough(readable, lastId, this.#seen);
  }

  /** Those whose end is on the screen. */
  #inView(articles: readonly HTMLElement[]): readonly HTMLElement[] {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    const { isAtEnd } = this.#timeline;
    return articles.filter((article) => {
      const end = article.getBoundingClientRect().bottom;
      return end > top && (isAtEnd || end <= bottom + 1);
    });
  }

  /** Whether the first unread message after `after` is not on the screen. */
  #isOutOfView(after: number): boolean {
    const first = this.#unread.find((article) => messageId(article) > after);
    if (!this.#timeline.covers(after)) return first !== undefined;
    return first !== undefined && this.#inView([first]).length === 0;
  }

  #recountLater(): void {
    clearTimeout(this.#recount);
    this.#recount = setTimeout(async () => {
      await this.#fetchCount(this.#position.lastId);
      this.update();
    }, RECOUNT_MS);
  }

  get #articles(): readonly HTMLElement[] {
    return messagesIn(this.#list);
  }

  /** Unread messages on the page. */
  get #unread(): readonly HTMLElement[] {
    const { lastId } = this.#position;
    return this.#articles.filter((article) => messageId(article) > lastId && counts(article));
  }

  /** What is unread, if the page has all of it. */
  get #unreadHere(): Unread | undefined {
    if (!this.#isComplete) return undefined;
    const unread = this.#unread;
    const since = unread[0]?.querySelector('time.at, .at time')?.getAttribute('datetime') ?? null;
    return { count: unread.length, hasMore: false, since };
  }

  get #isComplete(): boolean {
    return this.#timeline.hasLast && this.#timeline.covers(this.#position.lastId);
  }

  #readBetween(after: number, through: number): readonly number[] {
    if (after >= through) return [];
    const isBetween = (id: number) => id > after && id <= through;
    return this.#articles.filter(counts).map(messageId).filter(isBetween);
  }

  get #total(): number {
    const { throughId } = this.#count;
    const unread = this.#unread;
    const after = Math.max(throughId, this.#position.lastId);
    const arrived = unread.filter((article) => messageId(article) > throughId).length;
    return this.#count.total({
      here: unread.length,
      arrived: arrived + this.#timeline.countBelow(after),
      isComplete: this.#isComplete,
      newestId: this.#newestId,
    });
  }

  #show(): void {
    const count = this.#total;
    if (count > 0) this.#divider.position.placeAfter(this.#position.lastId);
    else this.#divider.position.read();
    this.#updateDivider();
    const { isAtEnd } = this.#timeline;
    if (count === 0) this.#bar.close();
    this.#bar.atEnd(isAtEnd);
    const title = titleWithCount(document.title, count);
    if (document.title !== title) document.title = title;
    this.#newer.hidden = count === 0 || isAtEnd || this.#bar.isOpen;
    this.#newer.textContent = t('new-messages', { count });
    this.#badge.hidden = count === 0;
    this.#badge.textContent = `${count}`;
  }

  /** Keeps the scroll position when the divider appears or disappears above it. */
  #updateDivider(): void {
    if (this.#divider.isInPlace) return;
    const { top } = this.#scroller.getBoundingClientRect();
    const anchor = this.#articles.find((article) => article.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    this.#divider.insert();
    if (this.#timeline.isAtEnd) this.#timeline.toEnd();
    else this.#scroller.scrollTop += (anchor?.getBoundingClientRect().top ?? 0) - before;
  }
}

/** Whether the reader sees the messages, and no other page or view. */
function isOnScreen(): boolean {
  return !document.hidden && areMessagesShown();
}

function counts(article: HTMLElement): boolean {
  return article.matches(COUNTS);
}

/** The number of the last event that a cursor covers: no message up to there is missing. */
function seqOf(cursor: string | undefined): number {
  return Number(cursor?.split('.')[1] ?? 0);
}
