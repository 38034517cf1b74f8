import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
} from 'chart.js';
import { colorOf } from '../../../../server/shared/colors.ts';
import { wrap } from '../../../../server/shared/wrap.ts';
import { timeAmong } from '../../lib/clock.ts';
import { cssColor } from '../../lib/dom.ts';
import type { Point } from './vote-history.ts';

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
);

const TYPES = { columns: 'bar', pie: 'pie', 'over-time': 'line' } as const;
export type DrawnKind = keyof typeof TYPES;

/** The size of a label under a column, in letters and in lines; the table has the full text. */
const UNDER = { letters: 12, lines: 2 } as const;

function under(label: string): string[] {
  const lines = wrap(label, UNDER.letters);
  return lines
    .slice(0, UNDER.lines)
    .map((line, index) => (index + 1 === UNDER.lines && lines[index + 1] ? `${line}…` : line));
}

/** The counts of a poll, drawn. */
export class PollDrawing {
  readonly #chart: Chart;
  readonly #kind: DrawnKind;
  /** The legend: chart.js would cut off long labels, and omit some of many. */
  readonly #legend = document.createElement('ul');

  /** @param max the largest count there will be, if known */
  constructor(canvas: HTMLCanvasElement, kind: DrawnKind, max = 0) {
    this.#kind = kind;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const text = cssColor('--text');
    // A little smaller than the text around it.
    const font = { size: 0.75 * Number.parseFloat(getComputedStyle(canvas).fontSize) };
    const axis = {
      ticks: { color: text, precision: 0, font },
      grid: { color: cssColor('--line') },
    };
    this.#chart = new Chart(canvas, {
      type: TYPES[kind],
      data: { labels: [], datasets: [] },
      options: {
        animation: isStill ? false : { duration: 300 },
        maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales:
          kind === 'pie' ? {} : { x: axis, y: { ...axis, beginAtZero: true, suggestedMax: max } },
      },
    });
    this.#legend.className = 'legend client-only';
    if (kind !== 'columns') canvas.parentElement?.after(this.#legend);
  }

  get canvas(): HTMLCanvasElement {
    return this.#chart.canvas;
  }

  showCounts(labels: string[], counts: number[]): void {
    const { data } = this.#chart;
    data.labels = this.#kind === 'columns' ? labels.map(under) : labels;
    const [set] = data.datasets;
    // The same dataset with other counts animates the change.
    if (set) set.data = counts;
    else data.datasets = [{ data: counts, backgroundColor: counts.map((_, n) => colorOf(n)) }];
    this.#showLegend(labels);
    this.#chart.update();
  }

  showCourse(options: readonly string[], points: readonly Point[]): void {
    const { data } = this.#chart;
    const [first = 0, last = 0] = [points[0]?.at, points.at(-1)?.at];
    data.labels = points.map(({ at }) => timeAmong(at, first, last));
    data.datasets = options.map((label, option) => ({
      label,
      data: points.map(({ counts }) => counts[option] ?? 0),
      borderColor: colorOf(option),
      stepped: true,
      // A line needs two points.
      pointRadius: points.length === 1 ? 4 : 0,
    }));
    this.#showLegend(options);
    this.#chart.update();
  }

  destroy(): void {
    this.#legend.remove();
    this.#chart.destroy();
  }

  #showLegend(labels: readonly string[]): void {
    const entries = labels.map((label, index) => {
      const entry = document.createElement('li');
      const sample = document.createElement('i');
      sample.style.background = colorOf(index);
      const text = document.createElement('bdi');
      text.textContent = label;
      entry.append(sample, text);
      return entry;
    });
    this.#legend.replaceChildren(...entries);
  }
}
