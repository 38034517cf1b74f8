import { t } from '../../lib/messages.ts';
import { PollChart } from './poll-chart.ts';
import { addPngButton } from './poll-png.ts';
import type { PollReplay } from './poll-replay.ts';
import { fetchVoteHistory } from './vote-history.ts';

/** What the page adds to a poll with visible results: its chart, its replay, its image. */
export class PollWidgets {
  readonly #id: string;
  readonly #chart: PollChart;
  #replay: PollReplay | undefined;

  constructor(id: string) {
    this.#id = id;
    this.#chart = new PollChart(id);
  }

  /** Whether the poll is still on the page. */
  get isShown(): boolean {
    return document.getElementById(this.#id) !== null;
  }

  show(article: HTMLElement): void {
    this.#chart.show(article);
    const files = article.querySelector<HTMLElement>('.save');
    if (files) addPngButton(files, article);
    const hasVotes = Number(article.querySelector('table')?.dataset.total) > 0;
    const button = article.querySelector<HTMLElement>('.replay-button') ?? this.#button(article);
    // The history shows all counts there ever were: it is for polls whose results all users may
    // see.
    button.hidden = !files || !hasVotes;
    if (button.hidden) this.#close(button);
  }

  destroy(): void {
    this.#chart.destroy();
    this.#replay?.close();
    this.#replay = undefined;
  }

  #button(article: HTMLElement): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'replay-button quiet client-only';
    button.textContent = t('replay');
    button.ariaExpanded = 'false';
    button.addEventListener('click', () => {
      if (this.#replay) this.#close(button);
      else void this.#open(button);
    });
    article.querySelector('.chart-kind')?.after(button);
    return button;
  }

  async #open(button: HTMLElement): Promise<void> {
    const article = button.closest<HTMLElement>('article');
    const course = article && (await fetchVoteHistory(article));
    if (!course || course.points.length === 0) return;
    const { PollReplay } = await import('./poll-replay.ts');
    // It may have been requested twice, or have gone meanwhile.
    if (this.#replay || !button.isConnected || button.hidden) return;
    this.#replay = new PollReplay(course);
    button.ariaExpanded = 'true';
    article.querySelector('figure')?.after(this.#replay.element);
    this.#replay.begin();
  }

  #close(button: HTMLElement): void {
    this.#replay?.close();
    this.#replay = undefined;
    button.ariaExpanded = 'false';
  }
}
