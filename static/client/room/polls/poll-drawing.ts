import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  DoughnutController,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  Tooltip,
} from 'chart.js';
import { colorOf } from '../../../../server/shared/colors.ts';
import { wrap } from '../../../../server/shared/wrap.ts';
import { durationText } from '../../lib/clock.ts';
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
  DoughnutController,
  PointElement,
  Tooltip,
);

const TYPES = { columns: 'bar', pie: 'doughnut', 'over-time': 'line' } as const;
export type DrawnKind = keyof typeof TYPES;

/** The time axis has at least this length, in milliseconds: its ticks are whole seconds. */
const MIN_SPAN_MS = 6_000;
/** Ticks of the time axis. */
const MAX_TICKS = 6;
/** The smallest part of a ring that has a label, in per cent. */
const MIN_SHARE = 4;

/** The size of a label under a column, in letters and in lines; the table has the full text. */
const UNDER = { letters: 12, lines: 2 } as const;

function under(label: string): string[] {
  const lines = wrap(label, UNDER.letters);
  return lines
    .slice(0, UNDER.lines)
    .map((line, index) => (index + 1 === UNDER.lines && lines[index + 1] ? `${line}…` : line));
}

/** The time since the first vote, with few ticks. */
function timeAxis<T extends { readonly ticks: object }>(axis: T) {
  const callback = (ms: string | number) => durationText(Number(ms));
  const ticks = { ...axis.ticks, maxTicksLimit: MAX_TICKS, maxRotation: 0, callback };
  return { ...axis, type: 'linear' as const, min: 0, suggestedMax: MIN_SPAN_MS, ticks };
}

/** Writes the share of each part of a ring on it, and the sum in its middle. */
function shareLabels(color: string, size: number): Plugin<'doughnut'> {
  return {
    id: 'share-labels',
    afterDatasetsDraw(chart) {
      const { ctx, data, chartArea } = chart;
      const counts = data.datasets[0]?.data ?? [];
      const total = counts.reduce((sum, count) => sum + count, 0);
      ctx.save();
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.fillStyle = color;
      ctx.font = `700 ${2 * size}px ${Chart.defaults.font.family}`;
      const middle = {
        x: (chartArea.left + chartArea.right) / 2,
        y: (chartArea.top + chartArea.bottom) / 2,
      };
      ctx.fillText(`${total}`, middle.x, middle.y);
      ctx.font = `700 ${size}px ${Chart.defaults.font.family}`;
      for (const [index, arc] of chart.getDatasetMeta(0).data.entries()) {
        const share = Math.round((100 * (counts[index] ?? 0)) / total);
        // A smaller part has no room for it; the legend and the table have it.
        if (!(share >= MIN_SHARE)) continue;
        const { x, y } = arc.tooltipPosition(true);
        const text = `${share}%`;
        // On all colours of the parts, in both themes.
        ctx.lineWidth = size / 3;
        ctx.strokeStyle = '#fff';
        ctx.strokeText(text, x ?? 0, y ?? 0);
        ctx.fillStyle = '#14212b';
        ctx.fillText(text, x ?? 0, y ?? 0);
      }
      ctx.restore();
    },
  };
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
          kind === 'pie'
            ? {}
            : {
                x: kind === 'over-time' ? timeAxis(axis) : axis,
                y: { ...axis, beginAtZero: true, suggestedMax: max },
              },
      },
      plugins: kind === 'pie' ? [shareLabels(text, font.size)] : [],
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
    else
      data.datasets = [
        { data: counts, backgroundColor: counts.map((_, n) => colorOf(n)), borderWidth: 0 },
      ];
    this.#showLegend(labels, counts);
    this.#chart.update();
  }

  showCourse(options: readonly string[], points: readonly Point[]): void {
    const { data } = this.#chart;
    const first = points[0]?.at ?? 0;
    data.datasets = options.map((label, option) => ({
      label,
      data: points.map(({ at, counts }) => ({ x: at - first, y: counts[option] ?? 0 })),
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

  /** @param counts shown with the labels, if any */
  #showLegend(labels: readonly string[], counts?: readonly number[]): void {
    const entries = labels.map((label, index) => {
      const entry = document.createElement('li');
      const sample = document.createElement('i');
      sample.style.background = colorOf(index);
      const text = document.createElement('bdi');
      text.textContent = label;
      entry.append(sample, text);
      if (counts) entry.append(`${counts[index]}`);
      return entry;
    });
    this.#legend.replaceChildren(...entries);
  }
}
