import type { NotificationLevel } from '../../../../server/shared/notification-levels.ts';
import {
  ifAllowed,
  joinChannel,
  notificationPermission,
  requestNotificationPermission,
} from '../../lib/allowed.ts';
import { byId, messageId } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import type { AccountBadge } from '../account-badge.ts';
import { mentionsMe } from '../mentions.ts';
import { messagesIn } from '../message-window.ts';
import { nameIn } from '../people-list.ts';
import { previewText } from '../preview-text.ts';
import type { Timeline } from '../timeline.ts';
import { fetchMemberships } from '../unread/memberships.ts';
import { LevelMenu } from './level-menu.ts';
import { MentionOffer } from './mention-offer.ts';
import { RoomLevel } from './room-level.ts';

/** Messages of others that the user sees. */
const OF_OTHERS = '.message:not(.own, .muted, .deleted)';
/** How many characters of a message are shown. */
const MAX_CHARACTERS = 200;
/** A tab that has the room in view answers within this time. */
const REPLY_MS = 200;

/** The current notification: its message, and the text shown. */
interface Shown {
  readonly id: number;
  readonly text: string;
  readonly notification: Notification;
}

/** Shows desktop notifications of new messages while no tab of this browser shows the room. */
export class Notifications {
  readonly #timeline: Timeline;
  readonly #level: RoomLevel;
  readonly #offer: MentionOffer;
  readonly #list = byId('messages');
  readonly #postToTabs: (text: string) => void;
  #last: number;
  #shown: Shown | undefined;
  /** The message to notify of, once the other tabs had the time to answer. */
  #latest: HTMLElement | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;

  /** @param store stores the choice of a signed-in user on the server */
  constructor(
    timeline: Timeline,
    me: AccountBadge,
    store: (level: NotificationLevel) => Promise<boolean>,
  ) {
    const { room, lastId = 0 } = timeline;
    this.#timeline = timeline;
    this.#last = lastId;
    this.#postToTabs = joinChannel(`typhoon.in-view.${room}`, (text) => this.#onTabMessage(text));
    this.#level = new RoomLevel({
      ...{ room, store },
      user: () => me.signedIn,
      permission: notificationPermission,
      requestPermission: requestNotificationPermission,
      confirm: () => this.#confirm(),
    });
    new LevelMenu(this.#level);
    this.#level.onStored(this.#list.dataset.notifications);
    this.#offer = new MentionOffer(this.#level);
    addEventListener('focus', () => this.#closeShown());
  }

  /** Looks for mentions among the messages that the page was opened with. */
  start(): void {
    this.#offerOf(messagesIn(this.#list));
  }

  /** The browser is signed in as another user than the page was rendered for. */
  async onOtherUser(): Promise<void> {
    const rooms = await fetchMemberships();
    const here = rooms?.find(({ name }) => name === this.#timeline.room);
    this.#level.onStored(here?.notifications ?? undefined);
  }

  /** The server has stored what the signed-in user chose, here or on another device. */
  onStored(level: string | undefined): void {
    this.#level.onStored(level);
  }

  /** Notifies of the last of these that concerns the user. */
  notifyOf(articles: readonly HTMLElement[]): void {
    const fresh = articles.filter((article) => messageId(article) > this.#last);
    this.#last = Math.max(this.#last, ...fresh.map(messageId));
    this.#offerOf(fresh);
    if (isInView()) return;
    const last = this.#lastConcerning(fresh);
    if (!last) return;
    // The room may be in view in another tab, which then answers.
    this.#postToTabs('is it in view?');
    this.#latest = last;
    this.#next ??= setTimeout(() => this.#show(), REPLY_MS);
  }

  /** A message may have been edited or deleted: then its notification is replaced or closed. */
  update(): void {
    if (this.#latest && !this.#stillConcerns(messageId(this.#latest))) this.#latest = undefined;
    if (!this.#shown) return;
    const { id, text } = this.#shown;
    const article = this.#timeline.find(id);
    if (!this.#stillConcerns(id)) this.#closeShown();
    else if (article && previewText(article) !== text) this.#replace(article);
  }

  /** Whether a message still concerns the user. */
  #stillConcerns(id: number): boolean {
    const article = this.#timeline.find(id);
    return article ? this.#lastConcerning([article]) !== undefined : !this.#timeline.isGone(id);
  }

  #closeShown(): void {
    this.#shown?.notification.close();
    this.#shown = undefined;
  }

  #offerOf(articles: readonly HTMLElement[]): void {
    if (articles.some((article) => article.matches(OF_OTHERS) && mentionsMe(article)))
      this.#offer.onMention();
  }

  /** The first notification shows that they work, and how they look. */
  #confirm(): Notification | undefined {
    const { room } = this.#timeline;
    const options = { icon: '/icon.svg', tag: `typhoon.${room}`, silent: true };
    return createNotification(t('notify-on', { room }), options);
  }

  #onTabMessage(text: string): void {
    if (text === 'it is in view') this.#latest = undefined;
    else if (isInView()) this.#postToTabs('it is in view');
  }

  /** The last of the messages that the user is notified of. The browser is asked for its permission once. */
  #lastConcerning(articles: readonly HTMLElement[]): HTMLElement | undefined {
    const level = this.#level.effective;
    if (level === 'none') return undefined;
    return articles.findLast(
      (article) => article.matches(OF_OTHERS) && (level === 'all' || mentionsMe(article)),
    );
  }

  #show(): void {
    const article = this.#latest;
    this.#next = undefined;
    this.#latest = undefined;
    if (article && !isInView()) this.#replace(this.#timeline.find(messageId(article)) ?? article);
  }

  /** Notifies of a message, replacing the previous notification. */
  #replace(article: HTMLElement): void {
    const { room } = this.#timeline;
    const text = previewText(article);
    const shown = createNotification(`${nameIn(article)} · ${room}`, {
      body: text.slice(0, MAX_CHARACTERS),
      icon: '/icon.svg',
      // A notification with the same tag replaces earlier ones, also from other tabs.
      tag: `typhoon.${room}`,
    });
    if (!shown) {
      this.#level.refuse();
      return;
    }
    this.#shown = { id: messageId(article), text, notification: shown };
    shown.addEventListener('click', () => {
      window.focus();
      const here = document.getElementById(article.id);
      if (here) this.#timeline.show(here, 'start');
      shown.close();
    });
  }
}

/** `undefined` if the browser refuses: Chrome on Android has the constructor, lets a page ask, and then throws. */
function createNotification(title: string, options: NotificationOptions): Notification | undefined {
  return ifAllowed(() => new Notification(title, options));
}

function isInView(): boolean {
  return !document.hidden && document.hasFocus();
}
