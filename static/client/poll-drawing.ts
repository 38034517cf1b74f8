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
import { colour } from './dom.ts';
import { language } from './words.ts';

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

const TYPES = { columns: 'bar', pie: 'pie', course: 'line' } as const;
export type DrawnKind = keyof typeof TYPES;

/** Colours that the colour-blind tell apart (Okabe and Ito, 2008), in either scheme. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#8a8f00'];
const colourOf = (index: number) => COLOURS[index % COLOURS.length] ?? '';

/** The counts of the options after a vote, and when that was, in milliseconds since 1970. */
export interface Point {
  readonly at: number;
  readonly counts: readonly number[];
}

/** The counts of a poll, drawn. */
export class PollDrawing {
  readonly #chart: Chart;

  constructor(canvas: HTMLCanvasElement, kind: DrawnKind) {
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const text = colour('--text');
    // A little smaller than the text around it.
    const font = { size: 0.75 * Number.parseFloat(getComputedStyle(canvas).fontSize) };
    const axis = { ticks: { color: text, precision: 0, font }, grid: { color: colour('--line') } };
    this.#chart = new Chart(canvas, {
      type: TYPES[kind],
      data: { labels: [], datasets: [] },
      options: {
        animation: isStill ? false : { duration: 300 },
        maintainAspectRatio: false,
        plugins: { legend: { display: kind !== 'columns', labels: { color: text, font } } },
        scales: kind === 'pie' ? {} : { x: axis, y: { ...axis, beginAtZero: true } },
      },
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#chart.canvas;
  }

  showCounts(labels: string[], counts: number[]): void {
    const { data } = this.#chart;
    data.labels = labels;
    const [set] = data.datasets;
    // The same set with other counts moves from the one to the other.
    if (set) set.data = counts;
    else data.datasets = [{ data: counts, backgroundColor: counts.map((_, n) => colourOf(n)) }];
    this.#chart.update();
  }

  showCourse(options: readonly string[], points: readonly Point[]): void {
    const { data } = this.#chart;
    data.labels = points.map(({ at }) => new Date(at).toLocaleTimeString(language));
    data.datasets = options.map((label, option) => ({
      label,
      data: points.map(({ counts }) => counts[option] ?? 0),
      borderColor: colourOf(option),
      stepped: true,
      pointRadius: 0,
    }));
    this.#chart.update();
  }

  destroy(): void {
    this.#chart.destroy();
  }
}
