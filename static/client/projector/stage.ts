import { newestPoll, stagedPoll } from '../../../server/shared/stage.ts';
import { localizeTimes } from '../lib/clock.ts';
import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { Polls } from '../room/polls/polls.ts';
import { Applause } from './applause.ts';
import { fitStage } from './fit-stage.ts';
import { Questions } from './questions.ts';
import { showReactions } from './reactions.ts';
import { upsert } from './upsert.ts';

/** The maximum on the page: the server sends fewer at once. */
const MAX_POLLS = 100;

/** The polls of the room; one of them is shown. */
export class Stage {
  readonly questions = new Questions();
  readonly #list = byId('messages');
  readonly #onChange: () => void;
  readonly #polls = new Polls();
  /** The poll that was chosen; `null`: the one that was started last. */
  #chosen: number | null = null;
  readonly #applause = new Applause(showReactions);
  readonly #sizes = new ResizeObserver(() => this.fit());
  /** The part of the poll on the stage whose size its texts are fitted to. */
  #box: Element | null = null;

  /** @param onChange another poll is shown, or the same has changed */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    localizeTimes(this.#list);
    for (const poll of this.polls) strip(poll);
    // An image has its size when it is loaded; the event does not bubble.
    this.#list.addEventListener('load', () => this.fit(), true);
  }

  get room(): string {
    return this.#list.dataset.room ?? '';
  }

  /** The polls that are not deleted, the oldest first. */
  get polls(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > .poll')];
  }

  get shown(): HTMLElement | undefined {
    return stagedPoll(this.#all, this.#chosen)?.poll;
  }

  /** Whether the counts of the poll that is shown are hidden. */
  get isHidden(): boolean {
    const { shown } = this;
    return shown !== undefined && shown.querySelector('[data-total]') === null;
  }

  /** Whether they can be hidden: those of a closed poll are public, and so are upvotes. */
  get canHide(): boolean {
    const { shown } = this;
    return shown !== undefined && isOpen(shown) && !shown.querySelector('.questions');
  }

  /** The Q&A that was started last. */
  get latestQuestions(): HTMLElement | undefined {
    return this.polls.findLast((poll) => poll.querySelector('.questions'));
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
      strip(article);
      upsert(this.#list, article);
    }
    for (const poll of this.polls.slice(0, -MAX_POLLS)) poll.remove();
    this.show();
  }

  /** The previous or next poll. */
  neighbour(by: -1 | 1): HTMLElement | undefined {
    const { polls, shown } = this;
    return shown && polls[polls.indexOf(shown) + by];
  }

  /** Whether the stage follows what is started if this poll is chosen. */
  isNewest(poll: HTMLElement): boolean {
    return newestPoll(this.#all)?.poll === poll;
  }

  /** Chooses a poll; `null`: the one that was started last. */
  choose(id: number | null): void {
    const before = this.shown;
    this.#chosen = id;
    this.show();
    if (this.shown !== before) byId('spoken').textContent = this.position;
  }

  /** Puts a question of the Q&A on the stage. */
  stageQuestion(option: number): void {
    this.questions.stage(option);
    this.fit();
  }

  /** Which of the polls is shown, as text. */
  get position(): string {
    const { polls, shown } = this;
    if (!shown) return '';
    const number = polls.indexOf(shown) + 1;
    return t('poll-of', { number, count: polls.length, question: questionOf(shown) });
  }

  /** Resets. The poll that was chosen is shown if it arrives again. */
  clear(): void {
    this.#list.replaceChildren();
  }

  show(): void {
    const { polls } = this;
    const { shown } = this;
    for (const poll of polls) poll.classList.toggle('shown', poll === shown);
    document.body.classList.toggle('idle', shown === undefined);
    if (shown) this.#polls.decorate(shown);
    this.questions.show(shown);
    this.#applause.show(shown);
    this.#watch(shown?.querySelector('.vote') ?? null);
    this.fit();
    this.#onChange();
  }

  /** Fits what is shown to the size of the stage. */
  fit(): void {
    if (this.shown) fitStage(this.shown);
  }

  /** Fits again as the window or the side changes, and as bars come back in place of a chart. */
  #watch(box: Element | null): void {
    if (box === this.#box) return;
    this.#sizes.disconnect();
    this.#box = box;
    if (box) this.#sizes.observe(box);
  }

  /** Polls of others than moderators are followed where everybody may start one. */
  get #all() {
    const isForAll = this.#list.dataset.pollCreators === 'everyone';
    return this.polls.map((poll) => {
      const isFollowed = isForAll || poll.dataset.byModerator !== undefined;
      return { id: messageId(poll), isFollowed, poll };
    });
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
  for (const control of poll.querySelectorAll('input, .cast, .manage, .suggest')) control.remove();
  // What is left of its menu says that all may see the results: see PollWidgets.
  for (const menu of poll.querySelectorAll('.poll-menu')) {
    const save = document.createElement('p');
    save.className = 'save';
    save.hidden = true;
    if (menu.querySelector('.save')) menu.replaceWith(save);
    else menu.remove();
  }
  for (const option of poll.querySelectorAll('.option, label.check')) {
    const text = document.createElement('span');
    text.className = 'option';
    text.append(...option.childNodes);
    option.replaceWith(text);
  }
  markLeader(poll);
}

/** Marks the options with the most votes. */
function markLeader(poll: HTMLElement): void {
  const rows = [...poll.querySelectorAll<HTMLElement>('tr[data-count]')];
  const most = Math.max(0, ...rows.map(({ dataset }) => Number(dataset.count)));
  for (const row of rows)
    row.classList.toggle('leader', most > 0 && Number(row.dataset.count) === most);
}
