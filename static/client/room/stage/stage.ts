import { type CurrentPolls, currentPolls } from '../../../../server/shared/current-polls.ts';
import { byId, messageId, parseFragments } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import { morph } from '../../lib/morph.ts';
import { suffixIds } from './suffix-ids.ts';

/** Polls that are remembered: the latest. */
const MAX_POLLS = 50;
/** Ends the ids of what is also among the messages. */
const SUFFIX = '-now';

interface StageOptions {
  /** Adds to a poll what is for this user only. */
  readonly decorate: (article: HTMLElement) => void;
  /** Fetches the current polls, as fragments. */
  readonly fetch: () => Promise<string | undefined>;
  /** Another poll is running, or none. */
  readonly onRunning: (poll: HTMLElement | undefined) => void;
}

/**
 * The polls that are current, in views of their own: the running one, or the one that was closed last,
 * and the Q&A. They are among the messages, too: here are copies.
 */
export class Stage {
  readonly #options: StageOptions;
  readonly #waiting = byId('waiting-for-host');
  readonly #noQuestions = byId('no-questions');
  readonly #openQuestions = byId('open-questions');
  /** The fragments of the latest polls, by their ids. */
  readonly #polls = new Map<number, HTMLElement>();
  #creators: string | undefined = byId('now').dataset.pollCreators;
  #own: readonly string[] = [];
  #running: number | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
    const sources = document.querySelectorAll('.stage-view noscript');
    for (const source of sources) {
      const root = document.createElement('div');
      root.append(...parseFragments(source.textContent ?? ''));
      this.#remember(root.querySelectorAll<HTMLElement>('article'));
    }
  }

  /** Who can start polls in the room: only theirs are shown. */
  set creators(creators: string | undefined) {
    this.#creators = creators;
    this.#update();
  }

  /** The user's own uids. */
  own(uids: readonly string[]): void {
    this.#own = uids;
    this.#update();
  }

  /** Applies messages, before anything else changes them. */
  apply(articles: readonly HTMLElement[]): void {
    const isKnown = (article: HTMLElement) => this.#polls.has(messageId(article));
    const relevant = articles.filter((article) => article.matches('.poll') || isKnown(article));
    if (relevant.length === 0) return;
    this.#remember(relevant);
    this.#update();
  }

  /** What was shown may be gone: fetches the current polls. */
  async reset(): Promise<void> {
    const html = await this.#options.fetch().catch(() => undefined);
    if (html === undefined) return;
    this.#polls.clear();
    this.#remember(parseFragments(html));
    this.#update();
  }

  /** Remembers copies of polls, and forgets what is none any more. */
  #remember(articles: Iterable<HTMLElement>): void {
    for (const article of articles) {
      const id = messageId(article);
      if (!article.matches('.poll')) this.#polls.delete(id);
      else this.#polls.set(id, suffixIds(article.cloneNode(true) as HTMLElement, SUFFIX));
      if (this.#polls.size > MAX_POLLS) this.#polls.delete(Math.min(...this.#polls.keys()));
    }
  }

  get #current(): CurrentPolls {
    const summaries = [...this.#polls].map(([id, { dataset }]) => ({
      id,
      kind: dataset.kind ?? '',
      isOpen: dataset.open === 'true',
      isByModerator: dataset.byModerator !== undefined,
    }));
    return currentPolls(summaries, this.#creators === 'everyone' ? 'everyone' : 'moderators');
  }

  #update(): void {
    const { running, closed, questions } = this.#current;
    // A room to chat has no views: there is nothing twice on its page.
    const hasViews = document.body.dataset.kind === 'class';
    this.#show(byId('current-poll'), hasViews ? (running ?? closed) : undefined);
    this.#show(byId('current-questions'), hasViews ? questions : undefined);
    this.#waiting.hidden = running !== undefined;
    this.#noQuestions.hidden = questions !== undefined;
    const open = byId('current-questions').querySelectorAll(
      '.questions > [data-option]:not(.answered)',
    ).length;
    this.#openQuestions.hidden = open === 0;
    this.#openQuestions.textContent = `${open}`;
    if (running === this.#running) return;
    this.#running = running;
    const poll = running === undefined ? undefined : this.#polls.get(running);
    const question = poll?.querySelector('h2')?.textContent;
    if (question) byId('spoken').textContent = t('asked-now', { question });
    this.#options.onRunning(poll);
  }

  #show(place: HTMLElement, id: number | undefined): void {
    const poll = id === undefined ? undefined : this.#polls.get(id);
    const here = place.querySelector<HTMLElement>(':scope > article');
    if (!poll) {
      here?.remove();
      return;
    }
    const next = poll.cloneNode(true) as HTMLElement;
    if (here?.id === next.id) morph(here, next);
    else place.replaceChildren(next);
    const shown = place.querySelector<HTMLElement>(':scope > article') ?? next;
    shown.classList.toggle('own', this.#own.includes(shown.dataset.uid ?? ''));
    this.#options.decorate(shown);
  }
}
