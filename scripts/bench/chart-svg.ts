import { readFileSync } from 'node:fs';
import ejs from 'ejs';
import type { Row } from './part.ts';
import type { Report } from './report.ts';

const WIDTH = 820;
const LEFT = 230;
/** The widest bar; its label is next to it. */
const WIDEST = 460;
const ROW = 30;
const TITLE = 44;
const COLOURS = { typhoon: '#0b6e8f', peer: '#9aa7b1', overloaded: '#f0d3cd' } as const;
/** A latency above this fills the chart. */
const SLOWEST_MS = 100;

interface Bar {
  readonly name: string;
  readonly label: string;
  /** Relative to the widest. */
  readonly part: number;
  readonly isOverloaded: boolean;
}

interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const source = readFileSync(new URL('./chart-svg.ejs', import.meta.url), 'utf8');
const render = ejs.compile(source, { strict: true, localsName: 'it' });

/** The capacity and latency of a report, as a chart. */
export function chartSvg({ machine, parts }: Report): string {
  const charts = [
    capacityChart(parts.capacity?.rows ?? []),
    ...latencyCharts(parts.latency?.rows ?? []),
  ].filter(({ bars }) => bars.length > 0);
  let y = 36;
  const placed = charts.map(({ title, bars }) => {
    const chart = {
      title,
      y,
      bars: bars.map((bar, index) => placedBar(bar, y + 14 + index * ROW)),
    };
    y += bars.length * ROW + TITLE;
    return chart;
  });
  const footer = `One core for the server: ${machine.processor}, ${machine.kernel}, Node ${machine.node}`;
  return render({ width: WIDTH, height: y + 16, left: LEFT, charts: placed, footer });
}

function placedBar({ name, label, part, isOverloaded }: Bar, y: number) {
  const kind = isOverloaded ? 'overloaded' : name.startsWith('Typhoon') ? 'typhoon' : 'peer';
  return { name, label, y, width: Math.max(2, Math.round(part * WIDEST)), colour: COLOURS[kind] };
}

function capacityChart(rows: readonly Row[]): Chart {
  const max = Math.max(1, ...rows.map((row) => Number(row['messages/s'] ?? 0)));
  const title = 'Messages a second to 1,000 waiters, with p99 under 100 ms (more is better)';
  const bars = rows.map((row) => {
    const value = Number(row['messages/s'] ?? 0);
    const label = row.failed === undefined ? value.toLocaleString('en') : 'failed';
    return { name: nameOf(row), label, part: value / max, isOverloaded: false };
  });
  return { title, bars };
}

function latencyCharts(rows: readonly Row[]): readonly Chart[] {
  const rates = new Set(rows.map((row) => row['messages/s']).filter((rate) => Number(rate) > 0));
  return [...rates].map((rate) => {
    const count = Number(rate).toLocaleString('en');
    const title = `Delivery at ${count} messages a second, p99 in ms, up to 100 (less is better)`;
    const bars = rows
      .filter((row) => row['messages/s'] === rate)
      .map((row) => {
        const p99 = row['p99 ms'];
        const isOverloaded = typeof p99 !== 'number';
        const part = isOverloaded ? 1 : Math.min(1, p99 / SLOWEST_MS);
        return {
          name: nameOf(row),
          label: isOverloaded ? 'overloaded' : p99.toLocaleString('en'),
          part,
          isOverloaded,
        };
      });
    return { title, bars };
  });
}

function nameOf({ contender }: Row): string {
  return String(contender);
}
