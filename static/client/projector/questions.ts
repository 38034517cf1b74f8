import { t } from '../lib/messages.ts';
import { QuestionFocus } from './question-focus.ts';

/** The questions below the one on the stage. */
const MAX_NEXT = 3;

/** The questions of the Q&A on the stage: one large, the next below it, the others as a number. */
export class Questions {
  readonly #focus = new QuestionFocus();
  #list: HTMLElement | undefined;
  #poll = '';

  /** Whether a Q&A is on the stage. */
  get isShown(): boolean {
    return this.#list?.isConnected ?? false;
  }

  get staged(): number | undefined {
    return this.#focus.staged;
  }

  get selected(): number | undefined {
    return this.#focus.selected;
  }

  /** The element of the question on the stage. */
  get stagedItem(): HTMLElement | undefined {
    return this.#list?.querySelector<HTMLElement>('.on-stage') ?? undefined;
  }

  /** A poll is on the stage, or none; it may have questions. */
  show(poll: HTMLElement | undefined): void {
    if (poll?.id !== this.#poll) this.#focus.stage(undefined);
    this.#poll = poll?.id ?? '';
    this.#list = poll?.querySelector<HTMLElement>('.questions') ?? undefined;
    this.#focus.update(
      this.#items.map(({ dataset, classList }) => ({
        option: Number(dataset.option),
        isAnswered: classList.contains('answered'),
      })),
    );
    this.#mark();
  }

  move(by: -1 | 1): void {
    this.#focus.move(by);
    this.#mark();
  }

  stage(option: number | undefined): void {
    this.#focus.stage(option);
    this.#mark();
  }

  get #items(): readonly HTMLElement[] {
    return [...(this.#list?.querySelectorAll<HTMLElement>('[data-option]') ?? [])];
  }

  #mark(): void {
    const { staged, selected, next, answeredCount } = this.#focus;
    const below = this.#focus.window(MAX_NEXT);
    for (const item of this.#items) {
      const option = Number(item.dataset.option);
      item.classList.toggle('on-stage', option === staged);
      item.classList.toggle('next', below.includes(option));
      item.classList.toggle('selected', option === selected);
    }
    if (!this.#list) return;
    const more = next.length - below.length;
    const texts = [
      ...(more > 0 ? [t('more-questions', { count: more })] : []),
      ...(answeredCount > 0 ? [t('answered-questions', { count: answeredCount })] : []),
    ];
    const note = this.#list.parentElement?.querySelector('.more') ?? this.#note();
    note.textContent = texts.join(' · ');
  }

  #note(): HTMLElement {
    const note = document.createElement('p');
    note.className = 'more client-only';
    this.#list?.after(note);
    return note;
  }
}
