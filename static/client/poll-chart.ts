import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
} from 'chart.js';
import { keep, kept } from './kept.ts';
import { language, say } from './words.ts';

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
);

const KINDS = ['bars', 'columns', 'pie', 'course'] as const;
type Kind = (typeof KINDS)[number];
const TYPES = { columns: 'bar', pie: 'pie', course: 'line' } as const;

interface Course {
  readonly options: readonly string[];
  readonly points: readonly { readonly at: number; readonly counts: readonly number[] }[];
}

/** Colours that the colour-blind tell apart (Okabe and Ito, 2008), in either scheme. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#8a8f00'];

/** The chart of a poll, drawn from its table; the table is what a screen reader reads. */
export class PollChart {
  readonly #id: string;
  readonly #key: string;
  #kind: Kind;
  #chart: Chart | undefined;

  constructor(id: string) {
    this.#id = id;
    this.#key = `chart.${id}`;
    this.#kind = kept<Kind>(this.#key, 'bars');
  }

  show(article: HTMLElement): void {
    const card = article.querySelector('.card');
    if (!card) return;
    const figure = card.querySelector<HTMLElement>('figure') ?? this.#figure(card);
    figure.hidden = this.#kind === 'bars';
    if (this.#kind === 'bars') this.drop();
    else if (this.#kind === 'course') void this.#follow(figure, article);
    else this.#draw(figure, article);
  }

  /** How the votes came in, as the server tells it. */
  async #follow(figure: HTMLElement, article: HTMLElement): Promise<void> {
    const path = article.querySelector('form')?.getAttribute('action')?.replace(/acts$/, '');
    const id = this.#id.slice('m-'.length);
    const response = await fetch(`${path}polls/${id}/course`).catch(() => undefined);
    if (!response?.ok || this.#kind !== 'course') return;
    const { options, points }: Course = await response.json();
    const chart = this.#chartOn(figure, 0);
    if (!chart) return;
    chart.data.labels = points.map(({ at }) => new Date(at).toLocaleTimeString(language));
    chart.data.datasets = options.map((label, option) => ({
      label,
      data: points.map(({ counts }) => counts[option] ?? 0),
      borderColor: COLOURS[option % COLOURS.length] ?? '',
      stepped: true,
      pointRadius: 0,
    }));
    chart.update();
  }

  /** Whether the poll is still on the page. */
  get isShown(): boolean {
    return document.getElementById(this.#id) !== null;
  }

  #figure(card: Element): HTMLElement {
    const figure = document.createElement('figure');
    figure.className = 'mine';
    figure.append(document.createElement('canvas'));
    figure.ariaHidden = 'true';
    const choice = document.createElement('select');
    choice.className = 'chart-kind mine';
    choice.ariaLabel = say('chart-kind');
    for (const kind of KINDS) choice.append(new Option(say(`chart-${kind}`), kind));
    choice.value = this.#kind;
    choice.addEventListener('change', () => {
      this.#kind = choice.value as Kind;
      keep(this.#key, this.#kind);
      this.drop();
      const article = choice.closest('article');
      if (article) this.show(article);
    });
    card.querySelector('.vote')?.after(figure, choice);
    return figure;
  }

  #draw(figure: HTMLElement, article: HTMLElement): void {
    const rows = [...article.querySelectorAll<HTMLElement>('tr[data-count]')];
    const labels = rows.map((row) => row.querySelector('bdi')?.textContent ?? '');
    const data = rows.map(({ dataset }) => Number(dataset.count));
    const chart = this.#chartOn(figure, data.length);
    const [set] = chart?.data.datasets ?? [];
    if (!chart || !set) return;
    chart.data.labels = labels;
    set.data = data;
    chart.update();
  }

  #chartOn(figure: HTMLElement, count: number): Chart | undefined {
    const canvas = figure.querySelector('canvas');
    if (canvas && this.#chart?.canvas !== canvas) {
      this.drop();
      this.#chart = this.#make(canvas, count);
    }
    return this.#chart;
  }

  #make(canvas: HTMLCanvasElement, count: number): Chart {
    const style = getComputedStyle(document.body);
    const text = style.getPropertyValue('--text').trim();
    const line = style.getPropertyValue('--line').trim();
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const colours = Array.from({ length: count }, (_, n) => COLOURS[n % COLOURS.length] ?? text);
    const axis = { ticks: { color: text, precision: 0 }, grid: { color: line } };
    return new Chart(canvas, {
      type: TYPES[this.#kind === 'bars' ? 'columns' : this.#kind],
      data: { labels: [], datasets: [{ data: [], backgroundColor: colours }] },
      options: {
        animation: isStill ? false : { duration: 300 },
        maintainAspectRatio: false,
        plugins: { legend: { display: this.#kind !== 'columns', labels: { color: text } } },
        scales: this.#kind === 'pie' ? {} : { x: axis, y: { ...axis, beginAtZero: true } },
      },
    });
  }

  drop(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }
}
