import type { MessageKey } from '../../../server/shared/i18n.ts';
import {
  joinChannel,
  notificationPermission,
  requestNotificationPermission,
} from '../lib/allowed.ts';
import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { readLocal, writeLocal } from '../lib/storage.ts';
import type { AccountBadge } from './account-badge.ts';
import { mentionsMe } from './mentions.ts';
import { nameIn } from './people-list.ts';
import { previewText } from './preview-text.ts';
import type { Timeline } from './timeline.ts';

type Choice = 'all' | 'mentions' | 'none';

const KEY = 'notify';
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
  readonly #me: AccountBadge;
  readonly #choice = byId<HTMLSelectElement>('notify');
  readonly #note = byId('notify-note');
  readonly #postToTabs: (text: string) => void;
  #last: number;
  #shown: Shown | undefined;
  /** The message to notify of, once the other tabs had the time to answer. */
  #latest: HTMLElement | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(timeline: Timeline, me: AccountBadge) {
    const { room, lastId = 0 } = timeline;
    this.#timeline = timeline;
    this.#me = me;
    this.#last = lastId;
    this.#postToTabs = joinChannel(`typhoon.in-view.${room}`, (text) => this.#onTabMessage(text));
    this.#choice.value =
      notificationPermission() === 'granted' ? readLocal<Choice>(KEY, 'mentions') : 'none';
    this.#choice.addEventListener('change', () => this.#choose());
    addEventListener('focus', () => this.#closeShown());
  }

  /** Notifies of the last of these that concerns the user. */
  notifyOf(articles: readonly HTMLElement[]): void {
    const fresh = articles.filter((article) => messageId(article) > this.#last);
    this.#last = Math.max(this.#last, ...fresh.map(messageId));
    const last = fresh.findLast((article) => this.#concerns(article));
    if (!last || isInView()) return;
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
    return article ? this.#concerns(article) : !this.#timeline.isGone(id);
  }

  #closeShown(): void {
    this.#shown?.notification.close();
    this.#shown = undefined;
  }

  async #choose(): Promise<void> {
    const choice = this.#choice.value as Choice;
    this.#note.textContent = '';
    const problem = choice === 'none' ? undefined : await requestPermission();
    if (problem) {
      this.#refuse(problem);
      return;
    }
    writeLocal(KEY, choice);
    // The first notification shows that they work, and how they look.
    const { room } = this.#timeline;
    const options = { icon: '/icon.svg', tag: `typhoon.${room}`, silent: true };
    if (choice !== 'none' && !this.#notify(t('notify-on', { room }), options)) return;
    if (choice === 'mentions' && this.#me.signedIn.name === undefined) {
      this.#note.textContent = t('notify-needs-name');
    }
  }

  #onTabMessage(text: string): void {
    if (text === 'it is in view') this.#latest = undefined;
    else if (isInView()) this.#postToTabs('it is in view');
  }

  #concerns(article: HTMLElement): boolean {
    if (!article.matches('.message:not(.own, .muted, .deleted)')) return false;
    if (this.#choice.value !== 'mentions') return this.#choice.value === 'all';
    return mentionsMe(article);
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
    const shown = this.#notify(`${nameIn(article)} · ${room}`, {
      body: text.slice(0, MAX_CHARACTERS),
      icon: '/icon.svg',
      // A notification with the same tag replaces earlier ones, also from other tabs.
      tag: `typhoon.${room}`,
    });
    if (!shown) return;
    this.#shown = { id: messageId(article), text, notification: shown };
    shown.addEventListener('click', () => {
      window.focus();
      const here = document.getElementById(article.id);
      if (here) this.#timeline.show(here, 'start');
      shown.close();
    });
  }

  /** Notifies; if this browser does not let a page do so, resets the setting and says so. */
  #notify(title: string, options: NotificationOptions): Notification | undefined {
    try {
      return new Notification(title, options);
    } catch {
      // Chrome on Android has the constructor, lets a page ask, and then throws a TypeError.
      this.#refuse('notify-unsupported');
      return undefined;
    }
  }

  #refuse(why: MessageKey): void {
    this.#choice.value = 'none';
    writeLocal(KEY, 'none');
    this.#note.textContent = t(why);
  }
}

function isInView(): boolean {
  return !document.hidden && document.hasFocus();
}

/** Requests permission after the user chose to be notified. Returns why not, if refused. */
async function requestPermission(): Promise<MessageKey | undefined> {
  if (!isSecureContext) return 'notify-insecure';
  const permission = await requestNotificationPermission();
  if (permission === undefined) return 'notify-unsupported';
  return permission === 'granted' ? undefined : 'notify-denied';
}
