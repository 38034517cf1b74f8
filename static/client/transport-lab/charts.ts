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
    const most = Math.max(0, ...lanes.map(({ delays }) => delays.length));
    update(this.#delay, most, (way) => {
      const delays = lanes.find(({ name }) => name === way)?.delays ?? [];
      return Array.from({ length: most }, (_, n) => delays[n] ?? null);
    });
    update(this.#bytes, costs.length, (way) =>
      costs.map((cost) => {
        const { received = 0, sent = 0 } = cost[way] ?? {};
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
  const ways = Object.keys(MARKS) as TransportName[];
  const axis = { grid: { color: cssColor('--line') }, ticks: { color: cssColor('--muted') } };
  return new Chart<'line', (number | null)[]>(byId<HTMLCanvasElement>(id), {
    type: 'line',
    data: {
      labels: [],
      datasets: ways.map((way): Line => {
        const paint = cssColor(`--transport-${way}`);
        const label = t(`transport-${way}` satisfies MessageKey);
        return {
          label,
          data: [],
          borderColor: paint,
          backgroundColor: paint,
          pointStyle: MARKS[way],
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
  dataOf: (way: TransportName) => (number | null)[],
): void {
  chart.data.labels = Array.from({ length }, (_, n) => n + 1);
  (Object.keys(MARKS) as TransportName[]).forEach((way, index) => {
    const line = chart.data.datasets[index];
    if (line) line.data = dataOf(way);
  });
  chart.update();
}
