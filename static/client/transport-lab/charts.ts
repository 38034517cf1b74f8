import {
  CategoryScale,
  Chart,
  type ChartDataset,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { MessageKey } from '../../../server/shared/i18n.ts';
import type { TransportName } from '../connection/transports.ts';
import { byId, cssColor } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import type { ComparisonRun } from './comparison-run.ts';

Chart.register(
  CategoryScale,
  LinearScale,
  LogarithmicScale,
  LineController,
  LineElement,
  PointElement,
  Legend,
  Tooltip,
);

/** Distinguished by their marks, too, for readers who do not see the colours. */
const MARKS = {
  polling: 'rect',
  'long-polling': 'triangle',
  sse: 'rectRot',
  websocket: 'circle',
} as const satisfies Record<TransportName, string>;

type Line = ChartDataset<'line', (number | null)[]>;

/** The charts of a run, updated as it goes on. */
export class Charts {
  readonly #delay = draw('delay', 'logarithmic');
  readonly #bytes = draw('bytes', 'linear');

  show({ lanes, costs }: ComparisonRun): void {
    const count = Math.max(0, ...lanes.map(({ delays }) => delays.length));
    update(this.#delay, count, (name) => {
      const delays = lanes.find((lane) => lane.name === name)?.delays ?? [];
      return Array.from({ length: count }, (_, n) => delays[n] ?? null);
    });
    update(this.#bytes, costs.length, (name) =>
      costs.map((cost) => {
        const { received = 0, sent = 0 } = cost[name] ?? {};
        return received + sent;
      }),
    );
  }

  destroy(): void {
    this.#delay.destroy();
    this.#bytes.destroy();
  }
}

function draw(id: 'delay' | 'bytes', type: 'linear' | 'logarithmic') {
  const names = Object.keys(MARKS) as TransportName[];
  const axis = { grid: { color: cssColor('--line') }, ticks: { color: cssColor('--muted') } };
  return new Chart<'line', (number | null)[]>(byId<HTMLCanvasElement>(id), {
    type: 'line',
    data: {
      labels: [],
      datasets: names.map((name): Line => {
        const paint = cssColor(`--transport-${name}`);
        const label = t(`transport-${name}` satisfies MessageKey);
        return {
          label,
          data: [],
          borderColor: paint,
          backgroundColor: paint,
          pointStyle: MARKS[name],
          borderWidth: 2,
        };
      }),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      spanGaps: true,
      scales: { x: axis, y: { ...axis, type, ...(type === 'linear' && { beginAtZero: true }) } },
      plugins: { legend: { labels: { color: cssColor('--text'), usePointStyle: true } } },
    },
  });
}

function update(
  chart: Chart<'line', (number | null)[]>,
  length: number,
  dataOf: (name: TransportName) => (number | null)[],
): void {
  chart.data.labels = Array.from({ length }, (_, n) => n + 1);
  (Object.keys(MARKS) as TransportName[]).forEach((name, index) => {
    const dataset = chart.data.datasets[index];
    if (dataset) dataset.data = dataOf(name);
  });
  chart.update();
}
