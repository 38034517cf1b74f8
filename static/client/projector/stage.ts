import { localizeTimes } from '../lib/clock.ts';
import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { Polls } from '../room/polls/polls.ts';
import { upsert } from './upsert.ts';

/** The maximum on the page: the server sends fewer at once. */
const MAX_POLLS = 100;

/** The polls of the room; one of them is shown. */
export class Stage {
  readonly #list = byId('messages');
  readonly #onChange: () => void;
  readonly #polls = new Polls();
  #id: string | undefined;
  /** The newest poll that was ever here. */
  #newest = 0;
  /** Another poll than the newest was selected: a new poll does not replace it. */
  #isChosen = false;

  /** @param onChange another poll is shown, or the same has changed */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    localizeTimes(this.#list);
    for (const poll of this.polls) {
      strip(poll);
      this.#newest = messageId(poll);
    }
  }

  get room(): string {
    return this.#list.dataset.room ?? '';
  }

  /** The polls that are not deleted, the oldest first. */
  get polls(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > .poll')];
  }

  get shown(): HTMLElement | undefined {
    return this.polls.find(({ id }) => id === this.#id);
  }

  /** Whether the counts of the poll that is shown are hidden. */
  get isHidden(): boolean {
    const { shown } = this;
    return shown !== undefined && shown.querySelector('[data-total]') === null;
  }

  /** Who can start polls in the room: the stage follows only theirs. */
  set pollCreators(creators: string | undefined) {
    if (creators === this.#list.dataset.pollCreators) return;
    this.#list.dataset.pollCreators = creators;
    this.show();
  }

  set present(count: number) {
    this.#polls.present = count;
  }

  /** Applies new, changed and deleted polls. */
  apply(articles: readonly HTMLElement[]): void {
    if (articles.length === 0) return;
    for (const article of articles) {
      const here = document.getElementById(article.id);
      const wasOpen = here ? isOpen(here) : messageId(article) <= this.#newest;
      strip(article);
      const poll = upsert(this.#list, article);
      // A poll that is created or reopened is shown.
      if (isOpen(poll) && !wasOpen && !this.#isChosen && this.#isFollowed(poll)) this.#id = poll.id;
      this.#newest = Math.max(this.#newest, messageId(poll));
    }
    for (const poll of this.polls.slice(0, -MAX_POLLS)) poll.remove();
    this.show();
  }

  /** Shows the previous or next poll. */
  move(by: -1 | 1): void {
    const { polls, shown } = this;
    const next = shown && polls[polls.indexOf(shown) + by];
    if (next) this.choose(next);
  }

  choose(poll: HTMLElement): void {
    this.#id = poll.id;
    this.#isChosen = poll !== this.#followed.at(-1);
    this.show();
    byId('spoken').textContent = this.position;
  }

  /** Which of the polls is shown, as text. */
  get position(): string {
    const { polls, shown } = this;
    if (!shown) return '';
    const number = polls.indexOf(shown) + 1;
    return t('poll-of', { number, count: polls.length, question: questionOf(shown) });
  }

  /** Resets. The poll that is shown stays selected if it arrives again. */
  clear(): void {
    this.#list.replaceChildren();
  }

  show(): void {
    const { polls } = this;
    const followed = this.#followed;
    const open = followed.findLast(isOpen);
    const { shown: now } = this;
    const isAllowed = now !== undefined && (this.#isChosen || this.#isFollowed(now));
    const shown = isAllowed ? now : (open ?? followed.at(-1));
    if (shown?.id !== this.#id) this.#isChosen = false;
    this.#id = shown?.id;
    for (const poll of polls) poll.classList.toggle('shown', poll === shown);
    document.body.classList.toggle('idle', shown === undefined);
    if (shown) this.#polls.decorate(shown);
    this.#onChange();
  }

  get #followed(): readonly HTMLElement[] {
    return this.polls.filter((poll) => this.#isFollowed(poll));
  }

  /** Polls of others than moderators are shown where everybody may start one, or if chosen. */
  #isFollowed({ dataset }: HTMLElement): boolean {
    return dataset.byModerator !== undefined || this.#list.dataset.pollCreators === 'everyone';
  }
}

export function questionOf(poll: Element): string {
  return poll.querySelector('h2')?.textContent ?? '';
}

export function isOpen({ dataset }: HTMLElement): boolean {
  return dataset.open === 'true';
}

/** A projector shows the options, without controls to choose them. */
function strip(poll: HTMLElement): void {
  for (const control of poll.querySelectorAll('input, .cast, .manage, .suggest, .poll-menu'))
    control.remove();
  for (const option of poll.querySelectorAll('.option, label.check')) {
    const text = document.createElement('span');
    text.className = 'option';
    text.append(...option.childNodes);
    option.replaceWith(text);
  }
}
