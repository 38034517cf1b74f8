import { byId, idOf } from './dom.ts';
import { gistOf } from './gist.ts';
import { keep, kept } from './kept.ts';
import type { Me } from './me.ts';
import { mentionsMe } from './mentions.ts';
import { nameIn } from './roster.ts';
import type { Timeline } from './timeline.ts';
import { say } from './words.ts';

type Choice = 'all' | 'mentions' | 'none';

const KEY = 'notify';
/** Of a message, so much is shown. */
const MOST_CHARACTERS = 200;
/** A tab in which the room is in view says so within this time. */
const ANSWER_MS = 200;

/** Tells on the desktop of what is said while nobody at this browser sees the room. */
export class Notifications {
  readonly #timeline: Timeline;
  readonly #me: Me;
  readonly #choice = byId<HTMLSelectElement>('notify');
  readonly #note = byId('notify-note');
  readonly #tabs: BroadcastChannel;
  #last: number;
  #shown: Notification | undefined;
  /** What there is to tell, once the other tabs had the time to answer. */
  #latest: HTMLElement | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(timeline: Timeline, me: Me) {
    const { room, lastId = 0 } = timeline;
    this.#timeline = timeline;
    this.#me = me;
    this.#last = lastId;
    this.#tabs = new BroadcastChannel(`typhoon.in-view.${room}`);
    this.#tabs.addEventListener('message', ({ data }) => this.#hear(data));
    this.#choice.value = isAllowed() ? kept<Choice>(KEY, 'mentions') : 'none';
    this.#choice.addEventListener('change', () => this.#choose());
    addEventListener('focus', () => this.#shown?.close());
  }

  /** Tells of the last of these that concerns the one at the page. */
  tell(articles: readonly HTMLElement[]): void {
    const fresh = articles.filter((article) => idOf(article) > this.#last);
    this.#last = Math.max(this.#last, ...fresh.map(idOf));
    const last = fresh.findLast((article) => this.#concerns(article));
    if (!last || isInView()) return;
    // The tabs of a browser ask each other: the room may be in view in one of them.
    this.#tabs.postMessage('is it in view?');
    this.#latest = last;
    this.#next ??= setTimeout(() => this.#show(), ANSWER_MS);
  }

  async #choose(): Promise<void> {
    const choice = this.#choice.value as Choice;
    this.#note.textContent = '';
    if (choice !== 'none' && !(await ask())) {
      this.#choice.value = 'none';
      this.#note.textContent = say(isSecureContext ? 'notify-denied' : 'notify-insecure');
      return;
    }
    keep(KEY, choice);
    if (choice === 'mentions' && this.#me.signedIn.name === undefined) {
      this.#note.textContent = say('notify-nameless');
    }
  }

  #hear(said: string): void {
    if (said === 'it is in view') this.#latest = undefined;
    else if (isInView()) this.#tabs.postMessage('it is in view');
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
    if (!article || isInView()) return;
    const { room } = this.#timeline;
    const shown = notification(`${nameIn(article)} · ${room}`, {
      body: gistOf(article).slice(0, MOST_CHARACTERS),
      icon: '/icon.svg',
      // The tabs of a browser replace each other's, and a later one an earlier one.
      tag: `typhoon.${room}`,
    });
    this.#shown = shown;
    shown?.addEventListener('click', () => {
      window.focus();
      const here = document.getElementById(article.id);
      if (here) this.#timeline.show(here, 'start');
      shown.close();
    });
  }
}

function isInView(): boolean {
  return !document.hidden && document.hasFocus();
}

function isAllowed(): boolean {
  return 'Notification' in window && Notification.permission === 'granted';
}

/** Asks the one at the browser, who has just chosen to be notified. */
async function ask(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** Some browsers, on phones, let a page ask and then do not let it notify by itself. */
function notification(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch {
    return undefined;
  }
}
