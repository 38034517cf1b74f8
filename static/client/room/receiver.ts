import type { Outbox } from '../connection/outbox.ts';
import { applyInOrder } from '../lib/apply-in-order.ts';
import { byId } from '../lib/dom.ts';
import type { ComposeMode } from './compose-mode.ts';
import type { Notifications } from './notifications/notifications.ts';
import type { Pending } from './pending.ts';
import type { RoomRequests } from './room-requests.ts';
import type { SignalHandler } from './signal-handler.ts';
import type { NowStrip } from './stage/now-strip.ts';
import type { Stage } from './stage/stage.ts';
import type { Timeline } from './timeline.ts';
import type { ReadTracker } from './unread/read-tracker.ts';

interface Parts {
  readonly outbox: Outbox;
  readonly stage: Stage;
  readonly timeline: Timeline;
  readonly notifications: Notifications;
  readonly requests: RoomRequests;
  readonly signals: SignalHandler;
  readonly composeMode: ComposeMode;
  readonly nowStrip: NowStrip;
  readonly pending: Pending;
  readonly readTracker: ReadTracker;
}

/** Applies what the server sent to the parts of the page. */
export class Receiver {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Confirms what came with the page: when all parts are there. */
  start(): void {
    this.#acknowledge(byId('messages').children);
  }

  receive(fragments: readonly HTMLElement[]): void {
    const { notifications, signals, composeMode, nowStrip, pending, readTracker } = this.#parts;
    applyInOrder(
      fragments,
      (articles) => this.#apply(articles),
      (signal) => signals.handle(signal),
    );
    notifications.update();
    composeMode.update();
    nowStrip.observe();
    // Pending messages are below the last of them.
    pending.show();
    readTracker.update();
  }

  #apply(articles: readonly HTMLElement[]): void {
    const { stage, timeline, notifications, requests } = this.#parts;
    this.#acknowledge(articles);
    stage.apply(articles);
    timeline.apply(articles);
    notifications.notifyOf(articles);
    if (articles.some((article) => article.matches('.system-message'))) requests.onSystemMessage();
  }

  /** Confirms messages from here that came back. */
  #acknowledge(articles: Iterable<Element>): void {
    for (const article of articles)
      if (article instanceof HTMLElement) this.#parts.outbox.acknowledge(article.dataset.cid);
  }
}
