import { roomPath } from '../../../server/shared/routes.ts';
import { byId, messageId } from '../lib/dom.ts';
import { isModified } from '../lib/input-keys.ts';
import { fetchHistory } from './fetch-history.ts';
import { HistoryEdge } from './history-edge.ts';
import { HistoryLoader, type HistoryQuery } from './history-loader.ts';
import { areMessagesShown } from './stage/views.ts';
import type { Timeline } from './timeline.ts';

/** This near to an end of the loaded messages, more are loaded. */
const NEAR_PX = 600;
/** How many messages are loaded on scrolling. */
const PAGE = 50;
/** How many messages are loaded when jumping to the latest. */
const LATEST = 100;

/** Navigates the room's history: up, down, to a message, and back to the latest. */
export class HistoryNavigation {
  readonly #timeline: Timeline;
  readonly #scroller = byId('timeline');
  readonly #older: HistoryLoader<HTMLElement>;
  readonly #newer: HistoryLoader<HTMLElement>;
  #isReturning = false;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    const { room } = timeline;
    const fetch = (query: HistoryQuery) => fetchHistory(room, query, PAGE);
    const above = new HistoryEdge(
      'edge',
      { loading: 'loading-older-messages', failed: 'older-messages-failed', nothing: 'beginning' },
      () => this.#older.retry(),
    );
    const below = new HistoryEdge(
      'edge-after',
      { loading: 'loading-newer-messages', failed: 'newer-messages-failed' },
      () => this.#newer.retry(),
    );
    this.#older = new HistoryLoader({
      fetch,
      onBeyond: (beyond) => above.show(beyond),
      next: () => (timeline.hasFirst ? undefined : query('before', timeline.firstId)),
      isNear: () => this.#scroller.scrollTop < NEAR_PX,
      insert: (articles, isLast) => timeline.insertOlder(articles, isLast),
    });
    this.#newer = new HistoryLoader({
      fetch,
      onBeyond: (beyond) => below.show(beyond),
      next: () => (timeline.hasLast ? undefined : query('since', timeline.lastId)),
      isNear: () => {
        const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
        return scrollHeight - scrollTop - clientHeight < NEAR_PX;
      },
      insert: (articles, isLast) => timeline.insertNewer(articles, isLast),
    });
    this.#scroller.addEventListener('scroll', () => this.loadIfNear(), { passive: true });
    byId('jump-to-latest').addEventListener('click', () => {
      void this.jumpToLatest();
      this.#scroller.focus({ preventScroll: true });
    });
    byId('messages').addEventListener('click', (event) => this.#follow(event));
  }

  /** Loads more if the reader is near an end of the loaded messages. */
  loadIfNear(): void {
    this.#older.loadIfNear();
    this.#newer.loadIfNear();
  }

  /** Jumps to the latest messages. */
  async jumpToLatest(): Promise<void> {
    if (this.#isReturning) return;
    this.#isReturning = true;
    try {
      const latest = `before=${Number.MAX_SAFE_INTEGER}` as const;
      const { messages, isLast } = await fetchHistory(this.#timeline.room, latest, LATEST);
      this.#timeline.showLatest(messages, isLast);
      const { searchParams } = new URL(location.href);
      if (searchParams.has('at')) history.replaceState(null, '', roomPath(this.#timeline.room));
    } catch {
      // The button is still there, and the connection state shows that the server is out of reach.
    }
    this.#isReturning = false;
    this.loadIfNear();
  }

  /**
   * Loads the messages around the end of the message `id`, in place of those on the page.
   * @throws if they cannot be loaded
   */
  async openAfter(id: number): Promise<void> {
    const { room } = this.#timeline;
    const [before, after] = await Promise.all([
      fetchHistory(room, `before=${id + 1}`, PAGE),
      fetchHistory(room, `since=${id}`, LATEST),
    ]);
    this.#timeline.replaceAll([...before.messages, ...after.messages], {
      hasFirst: before.isLast,
      hasLast: after.isLast,
    });
    // Not before the reader was led there.
    requestAnimationFrame(() => this.loadIfNear());
  }

  /** Shows a message of the room, wherever in its history it is. @throws if it cannot be shown here */
  async show(id: number): Promise<void> {
    if (!areMessagesShown()) throw new Error('Another view is shown.');
    if (!this.#timeline.ids.includes(id)) await this.openAfter(id);
    this.#timeline.highlight(id);
    history.replaceState(null, '', `${roomPath(this.#timeline.room)}?at=${id}`);
  }

  /** The time of a message is its permalink: a message on the page is shown without leaving it. */
  #follow(event: MouseEvent): void {
    const { target } = event;
    const link = target instanceof Element && target.closest<HTMLAnchorElement>('a.at');
    if (!link || isModified(event)) return;
    const article = link.closest('article');
    if (!article) return;
    event.preventDefault();
    this.#timeline.highlight(messageId(article));
    history.replaceState(null, '', link.href);
  }
}

/** The query for the server: nothing if the page is empty. */
function query(name: 'before' | 'since', id: number | undefined): HistoryQuery | undefined {
  return id === undefined ? undefined : `${name}=${id}`;
}
