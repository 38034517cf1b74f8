import { t } from '../../lib/messages.ts';
import { readLocal, writeLocal } from '../../lib/storage.ts';

const KEY = 'question-order';
const ORDERS = ['top', 'new'] as const;

export type Order = (typeof ORDERS)[number];

interface Question {
  /** Its number: a later question has a higher one. */
  readonly option: number;
  readonly votes: number;
}

/** Questions with the most votes first, as the server sorts them, or the newest first. */
export function sortQuestions<Q extends Question>(questions: readonly Q[], order: Order): Q[] {
  return questions.toSorted((a, b) =>
    order === 'new' ? b.option - a.option : b.votes - a.votes || a.option - b.option,
  );
}

/** The order of the open questions of a Q&A: this browser's choice, in all rooms. */
export class QuestionOrder {
  #order: Order = readLocal<string>(KEY, 'top') === 'new' ? 'new' : 'top';
  readonly #articles: () => readonly HTMLElement[];

  /** @param articles the polls on the page */
  constructor(articles: () => readonly HTMLElement[]) {
    this.#articles = articles;
  }

  /** A poll was added or changed, and is in the order of the server. */
  apply(article: HTMLElement): void {
    const list = article.querySelector<HTMLElement>('.results.questions');
    const form = article.querySelector('.vote');
    const choice = article.querySelector('.question-order');
    const items = [...(list?.querySelectorAll<HTMLElement>('[data-option]:not(.answered)') ?? [])];
    if (!list || !form || items.length < 2) {
      choice?.remove();
      return;
    }
    const shown = choice ?? this.#createChoice();
    for (const button of shown.querySelectorAll('button')) {
      button.ariaPressed = `${button.value === this.#order}`;
    }
    if (!choice) form.before(shown);
    const questions = items.map((item) => ({
      item,
      option: Number(item.dataset.option),
      votes: Number(item.dataset.count),
    }));
    arrange(
      list,
      sortQuestions(questions, this.#order).map(({ item }) => item),
    );
  }

  #createChoice(): HTMLElement {
    const group = document.createElement('div');
    group.className = 'question-order client-only';
    group.role = 'group';
    group.ariaLabel = t('sort-by');
    for (const order of ORDERS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.value = order;
      button.textContent = order === 'top' ? t('sort-top') : t('sort-new');
      button.addEventListener('click', () => this.#choose(order));
      group.append(button);
    }
    return group;
  }

  #choose(order: Order): void {
    this.#order = order;
    writeLocal(KEY, order);
    for (const article of this.#articles()) this.apply(article);
  }
}

/** Puts items at the head of a list, in their order; the focus stays where it is. */
function arrange(list: HTMLElement, items: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  let at = list.firstElementChild;
  for (const item of items) {
    if (item === at) at = at.nextElementSibling;
    else list.insertBefore(item, at);
  }
  if (focused instanceof HTMLElement && list.contains(focused))
    focused.focus({ preventScroll: true });
}
