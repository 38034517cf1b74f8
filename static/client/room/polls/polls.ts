import { foldWord } from '../../../../server/shared/fold.ts';
import { secondsUntil } from '../../connection/server-clock.ts';
import { asksFirst } from '../../lib/confirm.ts';
import { byId, parseIds } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import { suffixIds } from '../stage/suffix-ids.ts';
import { mayVote } from '../write-denial.ts';
import { PollWidgets } from './poll-widgets.ts';
import { QuestionOrder } from './question-order.ts';

/** Results are announced at most this often. */
const ANNOUNCE_MS = 5_000;

interface Options {
  /** Sets the user's votes in a poll, or adds them where every click counts. */
  readonly vote: (id: number, options: readonly number[]) => void;
  /** Closes, reopens, resets or reveals a poll. */
  readonly send: (command: object) => void;
  /** Sends a command that destroys something, once the user confirms it; says when it is done. */
  readonly sendConfirmed: (command: object, done?: string) => void;
  /** Fetches the user's own votes. */
  readonly fetchOwnVotes: () => void;
}

/** The user's votes in a poll. */
interface OwnVotes {
  /** How often the poll had been reset when they voted. */
  readonly round: number;
  readonly options: readonly number[];
  /** The answers, if users suggest them. */
  readonly texts?: readonly string[];
}

/** On a page that only shows polls. */
const NOTHING: Options = { vote() {}, send() {}, sendConfirmed() {}, fetchOwnVotes() {} };

/** The second click of a double click is ignored: people vote with either. */
const DOUBLE_CLICK_MS = 500;

/** The polls on the page: the user's own votes, the time left, and the charts. */
export class Polls {
  readonly #options: Options;
  /** On a page that only shows polls, the server's. */
  readonly #questionOrder: QuestionOrder | undefined;
  /** Where there are polls: a room shows the current ones in views of their own, too. */
  readonly #places = [
    byId('messages'),
    ...document.querySelectorAll<HTMLElement>('.stage-view'),
  ] as const;
  readonly #spoken = byId('spoken');
  readonly #own = new Map<number, OwnVotes>();
  readonly #extras = new Map<string, PollWidgets>();
  #present = 0;
  /** Nothing is fetched before the connection is live. */
  #hasFetched = true;
  #clicked = { value: '', at: 0 };
  #announcing: ReturnType<typeof setTimeout> | undefined;

  /** @param options what is done with a poll, if anything */
  constructor(options = NOTHING) {
    this.#options = options;
    if (options !== NOTHING) this.#questionOrder = new QuestionOrder(() => this.#articles);
    for (const place of this.#places) {
      place.addEventListener('submit', (event) => this.#submit(event));
    }
    setInterval(() => {
      for (const place of this.#places) this.#countDown(place);
    }, 1_000);
  }

  /** The connection is new: fetches the user's own votes again, if there is a poll. */
  onLive(): void {
    this.#hasFetched = false;
    if (this.#articles.length > 0) this.#fetchOwnVotes();
  }

  /** Sets the user's own votes, from any device. */
  setOwnVotes(poll: number, { round, options, texts = [] }: OwnVotes): void {
    this.#own.set(poll, { round, options, texts });
    for (const article of this.#of(poll)) {
      this.#mark(article, poll);
      const field = article.querySelector<HTMLInputElement>('.suggest input[type="text"]');
      // The suggestion has arrived: the field is free for the next.
      if (field && texts.includes(field.value.trim())) field.value = '';
    }
  }

  /** How many users are online, some of whom have voted. */
  set present(count: number) {
    this.#present = count;
    for (const article of this.#articles) this.#updatePresent(article);
  }

  /** What is for this user only has changed. */
  redecorate(): void {
    for (const article of this.#articles) this.decorate(article);
  }

  /** A poll was added or changed. */
  decorate(article: HTMLElement): void {
    const poll = Number(article.querySelector<HTMLElement>('.vote')?.dataset.poll);
    if (!poll) return;
    this.#questionOrder?.apply(article);
    this.#mark(article, poll);
    allowVotes(article);
    this.#updatePresent(article);
    this.#countDown(article);
    this.#extend(article);
    this.#announce(article);
    this.#fetchOwnVotes();
  }

  /** Results arrived that only some users see. */
  applyResults(table: HTMLElement): void {
    const poll = Number(table.id.slice('results-'.length));
    for (const article of this.#of(poll)) {
      const suffix = article.id.slice(`m-${poll}`.length);
      const results = suffixIds(table.cloneNode(true) as HTMLElement, suffix);
      article.querySelector('.results')?.replaceWith(results);
      this.decorate(article);
    }
  }

  #fetchOwnVotes(): void {
    if (this.#hasFetched) return;
    this.#hasFetched = true;
    this.#options.fetchOwnVotes();
  }

  get #articles(): readonly HTMLElement[] {
    return this.#places.flatMap((place) => [...place.querySelectorAll<HTMLElement>('.poll')]);
  }

  /** A poll, wherever it is shown. */
  #of(poll: number): readonly HTMLElement[] {
    return this.#articles.filter((article) => article.querySelector(`[data-poll="${poll}"]`));
  }

  /** A click on an option votes for it, or removes the vote if it was chosen. */
  #submit(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.matches('.reactions')) return;
    event.preventDefault();
    if (!form.matches('.vote')) {
      const command = Object.fromEntries(new FormData(form, event.submitter));
      const done = command.type === 'reset-poll' ? t('done-reset-poll') : undefined;
      if (asksFirst(form, event.submitter)) this.#options.sendConfirmed(command, done);
      else this.#options.send(command);
      return;
    }
    const poll = Number(form.dataset.poll);
    const clicked = event.submitter?.getAttribute('value');
    const isApplause = form.dataset.applause !== undefined;
    if (clicked && !isApplause && this.#isDoubleClick(`${poll} ${clicked}`)) return;
    const row = event.submitter?.closest<HTMLElement>('[data-option]');
    const isChosen = row ? this.#isChosen(poll, row) : false;
    const ticked = new FormData(form).getAll('options').map(Number);
    if (form.dataset.grows !== undefined) {
      this.#options.send({
        type: 'toggle-vote',
        id: poll,
        option: Number(clicked),
        enabled: !isChosen,
      });
    } else if (clicked === null || clicked === undefined) this.#options.vote(poll, ticked);
    else if (!isChosen || isApplause) this.#options.vote(poll, [Number(clicked)]);
  }

  #isDoubleClick(value: string): boolean {
    const before = this.#clicked;
    this.#clicked = { value, at: Date.now() };
    return before.value === value && this.#clicked.at - before.at < DOUBLE_CLICK_MS;
  }

  #mark(article: HTMLElement, poll: number): void {
    for (const row of article.querySelectorAll<HTMLElement>('[data-option]')) {
      const isChosen = this.#isChosen(poll, row);
      row.classList.toggle('chosen', isChosen);
      const control = row.querySelector<HTMLInputElement>('button, input');
      if (control?.matches('button')) control.ariaPressed = `${isChosen}`;
      else if (control && !this.#isBeingChosen(article)) control.checked = isChosen;
    }
    this.#tellPut(article, poll);
    this.#showReceipt(article, poll);
  }

  /** Says that the user's vote is in, and whether it can be changed. */
  #showReceipt(article: HTMLElement, poll: number): void {
    const form = article.querySelector<HTMLElement>('.vote');
    const { grows, applause, final } = form?.dataset ?? {};
    const isIn = this.#votes(poll, article).options.length > 0;
    article.classList.toggle('voted', isIn);
    const isShown = isIn && grows === undefined && applause === undefined;
    const here = article.querySelector('.vote-receipt');
    if (!isShown) here?.remove();
    if (!isShown || !form) return;
    const receipt = here ?? document.createElement('p');
    receipt.className = 'vote-receipt client-only small';
    const isChangeable = final === undefined && article.dataset.open === 'true';
    const text = t(isChangeable ? 'vote-is-in' : 'vote-is-in-finally');
    if (receipt.textContent !== text) receipt.textContent = text;
    if (!here) form.after(receipt);
  }

  /** The user's votes, unless the poll was reset since. @param within the poll, or a part of it */
  #votes(poll: number, within: HTMLElement): OwnVotes {
    const own = this.#own.get(poll);
    const { round } = within.closest<HTMLElement>('article')?.dataset ?? {};
    return own && own.round === Number(round ?? 0) ? own : { round: 0, options: [] };
  }

  /** Suggestions made while the answers were hidden are matched by text, not by number. */
  #isChosen(poll: number, row: HTMLElement): boolean {
    const { options: chosen, texts = [] } = this.#votes(poll, row);
    if (chosen.length > 0) return chosen.includes(Number(row.dataset.option));
    const text = foldWord(row.querySelector('bdi')?.textContent ?? '');
    return texts.some((own) => foldWord(own) === text);
  }

  /** Shows the user's own suggestions while those of others are hidden, or they wait for approval. */
  #tellPut(article: HTMLElement, poll: number): void {
    article.querySelector('.own-suggestions')?.remove();
    const { texts: all = [], options } = this.#votes(poll, article);
    const isShown = article.querySelector('.results[data-total]') !== null;
    const held = parseIds(article.dataset.held);
    const texts = isShown ? all.filter((_, n) => held.includes(options[n] ?? -1)) : all;
    if (texts.length === 0) return;
    const list = document.createElement('p');
    list.className = 'own-suggestions client-only small';
    list.append(t(isShown ? 'your-held-answers' : 'your-answers'));
    for (const text of texts) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.ariaLabel = t('remove-answer', { text });
      button.textContent = `${text} ×`;
      const takeBack = { type: 'suggest-option', id: poll, suggestion: text, enabled: false };
      button.addEventListener('click', () => this.#options.send(takeBack));
      list.append(' ', button);
    }
    article.querySelector('.vote')?.after(list);
  }

  /** Options are not redrawn while the user selects them. */
  #isBeingChosen(article: HTMLElement): boolean {
    return article.querySelector('table')?.contains(document.activeElement) ?? false;
  }

  /** How many of the users online have voted, while a poll is open; else, or with more votes, the votes. */
  #updatePresent(article: HTMLElement): void {
    const voters = article.querySelector<HTMLElement>('.voters[data-voters]');
    if (!voters) return;
    const count = Number(voters.dataset.voters);
    const total = this.#present;
    const isRunning = article.dataset.open === 'true' && total > 0 && total >= count;
    voters.textContent = isRunning
      ? t('votes-of-present', { count, total })
      : t('vote-count', { count });
  }

  #extend(article: HTMLElement): void {
    for (const [id, extras] of this.#extras) {
      if (extras.isShown) continue;
      extras.destroy();
      this.#extras.delete(id);
    }
    const table = article.querySelector('table[data-total]');
    if (!table) return;
    const extras = this.#extras.get(article.id) ?? new PollWidgets(article.id);
    this.#extras.set(article.id, extras);
    extras.show(article);
  }

  /** Announces the leader now and then, politely, for screen readers. */
  #announce(article: HTMLElement): void {
    const rows = [...article.querySelectorAll<HTMLElement>('[data-count]')];
    const counts = rows.map(({ dataset }) => Number(dataset.count));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0 || this.#announcing !== undefined) return;
    this.#announcing = setTimeout(() => {
      this.#announcing = undefined;
      const count = Math.max(...counts);
      this.#spoken.textContent = t('poll-summary', {
        question: article.querySelector('h2')?.textContent ?? '',
        leader: rows[counts.indexOf(count)]?.querySelector('bdi')?.textContent ?? '',
        count,
        total,
      });
    }, ANNOUNCE_MS);
  }

  #countDown(within: HTMLElement): void {
    for (const time of within.querySelectorAll<HTMLTimeElement>('time.closes')) {
      const left = secondsUntil(Date.parse(time.dateTime));
      if (left > 120) continue;
      const text = t('seconds-to-close', { count: left });
      if (time.textContent !== text) time.textContent = text;
    }
  }
}

/** Who may not vote sees the results, and cannot try. */
function allowVotes(article: HTMLElement): void {
  const isAllowed = article.dataset.open === 'true' && mayVote();
  const controls = article.querySelectorAll<HTMLButtonElement | HTMLInputElement>(
    '.results :is(button.option, input)',
  );
  for (const control of controls) control.disabled = !isAllowed;
}
