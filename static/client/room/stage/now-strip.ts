import { byId } from '../../lib/dom.ts';

interface NowStripOptions {
  /** Shows the view of the running poll. */
  readonly showNow: () => void;
  /** Shows a message, if the page has it. */
  readonly highlight: (id: number) => boolean;
}

/** A line over the composer with the question of the running poll, which leads to it. */
export class NowStrip {
  readonly #strip = byId<HTMLAnchorElement>('now-strip');
  /** The poll among the messages: while it is in view, nothing has to lead to it. */
  readonly #observer = new IntersectionObserver(([entry]) => {
    this.#isInView = entry?.isIntersecting === true;
    this.#update();
  });
  #id: number | undefined;
  #card: Element | null | undefined;
  #isInView = false;

  constructor({ showNow, highlight }: NowStripOptions) {
    this.#strip.addEventListener('click', (event) => {
      if (document.body.dataset.kind === 'class') showNow();
      else if (this.#id === undefined || !highlight(this.#id)) return;
      event.preventDefault();
    });
  }

  /** Shows which poll is running. */
  show(poll: HTMLElement | undefined): void {
    const id = Number(poll?.querySelector<HTMLElement>('.vote')?.dataset.poll);
    this.#id = poll && id;
    const question = this.#strip.querySelector('bdi');
    if (question) question.textContent = poll?.querySelector('h2')?.textContent ?? '';
    const { kind } = document.body.dataset;
    this.#strip.search = kind === 'class' ? '?view=now' : `?at=${id}`;
    this.observe();
    this.#update();
  }

  /** Messages were added or removed: among them may be the poll. */
  observe(): void {
    const card = document.getElementById(`m-${this.#id}`)?.querySelector('.poll-card');
    if (card === this.#card) return;
    this.#observer.disconnect();
    this.#card = card;
    this.#isInView = false;
    if (card) this.#observer.observe(card);
    this.#update();
  }

  #update(): void {
    this.#strip.hidden = this.#id === undefined || this.#isInView;
  }
}
