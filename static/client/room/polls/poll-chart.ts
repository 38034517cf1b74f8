import { t } from '../../lib/messages.ts';
import { readSession, writeSession } from '../../lib/storage.ts';
import type { DrawnKind, PollDrawing } from './poll-drawing.ts';
import { fetchVoteHistory } from './vote-history.ts';

const KINDS = ['bars', 'columns', 'pie', 'over-time'] as const;
type Kind = (typeof KINDS)[number];

/** The counts change four times a second; the vote history is fetched this often at most. */
const FOLLOW_MS = 2_000;

/** The chart of a poll, drawn from its table; screen readers read the table. */
export class PollChart {
  readonly #key: string;
  #kind: Kind;
  #drawing: PollDrawing | undefined;
  /** Runs after the vote history was fetched. */
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** The poll changed meanwhile. */
  #isBehind = false;

  constructor(id: string) {
    this.#key = `chart.${id}`;
    this.#kind = readSession<Kind>(this.#key, 'bars');
  }

  show(article: HTMLElement): void {
    const card = article.querySelector('.poll-card');
    if (!card) return;
    const figure = card.querySelector<HTMLElement>('figure') ?? this.#figure(card);
    figure.hidden = this.#kind === 'bars';
    if (this.#kind === 'bars') this.destroy();
    else if (this.#kind === 'over-time') this.#follow(figure, article);
    else void this.#draw(figure, article, this.#kind);
  }

  #follow(figure: HTMLElement, article: HTMLElement): void {
    this.#isBehind = this.#pause !== undefined;
    if (this.#isBehind) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#isBehind && article.isConnected) this.show(article);
    }, FOLLOW_MS);
    void this.#drawCourse(figure, article);
  }

  /** Draws the vote history from the server. */
  async #drawCourse(figure: HTMLElement, article: HTMLElement): Promise<void> {
    const course = await fetchVoteHistory(article);
    if (!course || this.#kind !== 'over-time') return;
    const drawing = await this.#drawingOn(figure, 'over-time');
    drawing?.showCourse(course.options, course.points);
  }

  #figure(card: Element): HTMLElement {
    const figure = document.createElement('figure');
    figure.className = 'client-only';
    figure.append(document.createElement('canvas'));
    figure.ariaHidden = 'true';
    const choice = document.createElement('select');
    choice.className = 'chart-kind client-only';
    choice.ariaLabel = t('chart-kind');
    for (const kind of KINDS) choice.append(new Option(t(`chart-${kind}`), kind));
    choice.value = this.#kind;
    choice.addEventListener('change', () => {
      this.#kind = choice.value as Kind;
      writeSession(this.#key, this.#kind);
      this.destroy();
      const article = choice.closest('article');
      if (article) this.show(article);
    });
    card.querySelector('.vote')?.after(figure);
    const menu = card.querySelector('.poll-menu > ul');
    const item = document.createElement('li');
    item.className = 'client-only';
    item.append(choice);
    // On a page without the poll's menu, it is below the chart.
    if (menu) menu.prepend(item);
    else figure.after(choice);
    return figure;
  }

  async #draw(figure: HTMLElement, article: HTMLElement, kind: DrawnKind): Promise<void> {
    const drawing = await this.#drawingOn(figure, kind);
    const rows = [...article.querySelectorAll<HTMLElement>('tr[data-count]')];
    const labels = rows.map((row) => row.querySelector('bdi')?.textContent ?? '');
    const counts = rows.map(({ dataset }) => Number(dataset.count));
    drawing?.showCounts(labels, counts);
  }

  /** The drawing code is loaded for the first chart: the table does without. */
  async #drawingOn(figure: HTMLElement, kind: DrawnKind): Promise<PollDrawing | undefined> {
    const { PollDrawing } = await import('./poll-drawing.ts');
    const canvas = figure.querySelector('canvas');
    // Another kind may have been chosen meanwhile, or the poll deleted.
    if (this.#kind !== kind || !canvas?.isConnected) return undefined;
    if (this.#drawing?.canvas !== canvas) {
      this.destroy();
      this.#drawing = new PollDrawing(canvas, kind);
    }
    return this.#drawing;
  }

  destroy(): void {
    this.#drawing?.destroy();
    this.#drawing = undefined;
  }
}
