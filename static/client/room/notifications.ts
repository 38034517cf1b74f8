import type { MessageKey } from '../../../server/shared/i18n.ts';
import { askToNotify, joinChannel, notificationPermission } from '../lib/allowed.ts';
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
const MOST_CHARACTERS = 200;
/** A tab that has the room in view answers within this time. */
const ANSWER_MS = 200;

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
  readonly #askTabs: (said: string) => void;
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
    this.#askTabs = joinChannel(`typhoon.in-view.${room}`, (said) => this.#hear(said));
    this.#choice.value =
      notificationPermission() === 'granted' ? readLocal<Choice>(KEY, 'mentions') : 'none';
    this.#choice.addEventListener('change', () => this.#choose());
    addEventListener('focus', () => this.#withdraw());
  }

  /** Notifies of the last of these that concerns the user. */
  tell(articles: readonly HTMLElement[]): void {
    const fresh = articles.filter((article) => messageId(article) > this.#last);
    this.#last = Math.max(this.#last, ...fresh.map(messageId));
    const last = fresh.findLast((article) => this.#concerns(article));
    if (!last || isInView()) return;
    // Asks the other tabs: the room may be in view in one of them.
    this.#askTabs('is it in view?');
    this.#latest = last;
    this.#next ??= setTimeout(() => this.#show(), ANSWER_MS);
  }

  /** A message may have been edited, or be gone: then its notification is withdrawn. */
  look(): void {
    if (this.#latest && !this.#stands(messageId(this.#latest))) this.#latest = undefined;
    if (!this.#shown) return;
    const { id, text } = this.#shown;
    const article = this.#timeline.find(id);
    if (!this.#stands(id)) this.#withdraw();
    else if (article && previewText(article) !== text) this.#put(article);
  }

  /** Whether a message still concerns the user. */
  #stands(id: number): boolean {
    const article = this.#timeline.find(id);
    return article ? this.#concerns(article) : !this.#timeline.isGone(id);
  }

  #withdraw(): void {
    this.#shown?.notification.close();
    this.#shown = undefined;
  }

  async #choose(): Promise<void> {
    const choice = this.#choice.value as Choice;
    this.#note.textContent = '';
    const barrier = choice === 'none' ? undefined : await ask();
    if (barrier) {
      this.#refuse(barrier);
      return;
    }
    writeLocal(KEY, choice);
    // The first one shows that they work, and how they look.
    const { room } = this.#timeline;
    const look = { icon: '/icon.svg', tag: `typhoon.${room}`, silent: true };
    if (choice !== 'none' && !this.#notify(t('notify-on', { room }), look)) return;
    if (choice === 'mentions' && this.#me.signedIn.name === undefined) {
      this.#note.textContent = t('notify-needs-name');
    }
  }

  #hear(said: string): void {
    if (said === 'it is in view') this.#latest = undefined;
    else if (isInView()) this.#askTabs('it is in view');
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
    if (article && !isInView()) this.#put(this.#timeline.find(messageId(article)) ?? article);
  }

  /** Notifies of a message, replacing the previous notification. */
  #put(article: HTMLElement): void {
    const { room } = this.#timeline;
    const text = previewText(article);
    const shown = this.#notify(`${nameIn(article)} · ${room}`, {
      body: text.slice(0, MOST_CHARACTERS),
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
async function ask(): Promise<MessageKey | undefined> {
  if (!isSecureContext) return 'notify-insecure';
  const permission = await askToNotify();
  if (permission === undefined) return 'notify-unsupported';
  return permission === 'granted' ? undefined : 'notify-denied';
}
