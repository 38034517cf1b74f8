/** A question of a Q&A: the number of its option, and whether it was answered. */
export interface Question {
  readonly option: number;
  readonly isAnswered: boolean;
}

/**
 * Which question of a Q&A is large on the stage: one that was chosen, until it is answered, or else
 * the first; and which of the others is selected.
 */
export class QuestionFocus {
  #questions: readonly Question[] = [];
  #chosen: number | undefined;
  #selected: number | undefined;

  /** Sets the questions as they are now, in their order. */
  update(questions: readonly Question[]): void {
    this.#questions = questions;
  }

  get staged(): number | undefined {
    const open = this.#open;
    return open.find((option) => option === this.#chosen) ?? open[0];
  }

  /** The open questions that are not on the stage. */
  get next(): readonly number[] {
    const { staged } = this;
    return this.#open.filter((option) => option !== staged);
  }

  /** Those of the next that are shown with a selected question: the selected is among them. */
  window(size: number): readonly number[] {
    const { next } = this;
    const at = next.indexOf(this.selected ?? -1);
    const from = Math.max(0, Math.min(at - size + 1, next.length - size));
    return next.slice(from, from + size);
  }

  get selected(): number | undefined {
    return this.next.find((option) => option === this.#selected);
  }

  get answeredCount(): number {
    return this.#questions.filter(({ isAnswered }) => isAnswered).length;
  }

  /** Selects the next or previous question; before the first, none. */
  move(by: -1 | 1): void {
    const { next } = this;
    const at = next.indexOf(this.selected ?? -1) + by;
    this.#selected = next[Math.min(at, next.length - 1)];
  }

  /** Puts a question on the stage; `undefined`: the first. */
  stage(option: number | undefined): void {
    this.#chosen = option;
    this.#selected = undefined;
  }

  get #open(): readonly number[] {
    return this.#questions.flatMap(({ option, isAnswered }) => (isAnswered ? [] : [option]));
  }
}
