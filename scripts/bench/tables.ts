import { all } from './contenders.ts';
import type { Row } from './part.ts';
import type { Measured, Report } from './report.ts';

type Cell = (row: Row) => string;
/** A row of the table: its label, where its data is in the report, and its format. */
type Line = readonly [label: string, part: string, where: Readonly<Record<string, unknown>>, Cell];

const plain =
  (...columns: readonly string[]): Cell =>
  (row) =>
    columns.map((column) => formatted(row[column])).join(' / ');
const thousands =
  (column: string): Cell =>
  (row) =>
    formatted(Math.round(Number(row[column]) / 1000));
const cpuCost = (inFlight: number): Line => [
  `thousand deliveries a CPU second, 1,000 waiters, ${inFlight} in flight`,
  'cpu-cost',
  { waiters: 1_000, 'in flight': inFlight },
  thousands('deliveries/CPU-s'),
];
const deliveries = (waiters: number): Line => [
  `thousand deliveries a second to ${formatted(waiters)} waiters, 64 in flight`,
  'cpu-cost',
  { waiters, 'in flight': 64 },
  thousands('deliveries/s'),
];
const latency = (rate: number): Line => [
  `p50 / p99 ms at ${formatted(rate)} a second`,
  'latency',
  { 'messages/s': rate },
  plain('p50 ms', 'p99 ms'),
];

const oneSender = (rate: number): Line => [
  `messages a second to 1,000 waiters of one client that sends ${formatted(rate)}`,
  'one-sender',
  { 'messages/s': rate },
  plain('held messages/s'),
];

const LINES: readonly Line[] = [
  ['messages a second to 1,000 waiters, p99 under 100 ms', 'capacity', {}, plain('messages/s')],
  ...[1, 64].map(cpuCost),
  ...[1_000, 10_000].map(deliveries),
  ...[50, 200, 1_000].map(latency),
  [
    'p50 / p99 ms at 50 a second, in the first seconds after the start',
    'first-seconds',
    {},
    plain('p50 ms', 'p99 ms'),
  ],
  ...[2_000, 3_000].map(oneSender),
  [
    'MB before anybody connects / with 10,000 waiters',
    'memory',
    {},
    plain('before MB', 'after MB'),
  ],
  ['KB for each of 10,000 waiters', 'memory', {}, plain('KB each')],
  ['joins a second, with 100 messages each', 'joins', {}, plain('joins/s')],
  [
    'ms until 1,000 clients have reconnected / p99 of the others',
    'joins',
    {},
    plain('all reconnected ms', 'others p99 ms'),
  ],
  ['KB for a slow reader', 'slow-readers', { 'slow readers': 200 }, plain('KB each')],
  ['ms from start to the first page', 'start', {}, plain('median ms')],
];

/** The report as it is shown in docs/benchmarks.md. */
export function tablesOf({ machine, parts, goals }: Report): string {
  const names = all.map(({ name }) => name);
  const { processor, cores, kernel, node } = machine;
  const seconds = Object.values(parts)[0]?.seconds;
  const from = `Measured on ${processor}, ${cores} cores, ${kernel}, Node ${node.slice(1)}`;
  return [
    `${from}, by \`npm run bench -- --seconds ${seconds} --write\`:`,
    '',
    '![Capacity, and latency at three rates](bench.svg)',
    '',
    table(
      ['', ...names],
      LINES.map((line) => [line[0], ...names.map((name) => cellOf(parts, line, name))]),
    ),
    '',
    '\\* the core of the clients was the limit: the server could do more. Typhoon writes a message to the',
    'disk before it sends it; the others store nothing.',
    '',
    history(parts.store),
    '',
    'The goals:',
    '',
    table(
      ['goal', '', 'measured', ''],
      goals.map(({ figure, goal, measured, isMet }) => [
        figure,
        goal,
        formatted(measured),
        isMet === null ? '–' : isMet ? 'met' : 'not met',
      ]),
    ),
  ].join('\n');
}

function cellOf(parts: Report['parts'], [, part, where, cell]: Line, contender: string): string {
  const wanted = Object.entries({ contender, ...where });
  const row = parts[part]?.rows.find((r) => wanted.every(([key, value]) => r[key] === value));
  if (!row) return '–';
  const note = `${row.note ?? ''}`;
  return note === 'overloaded' ? note : `${cell(row)}${note.includes('clients') ? '*' : ''}`;
}

/** With a short and with a long history. */
function history(store: Measured | undefined): string {
  const [empty, full] = store?.rows ?? [];
  const rows = [
    'stored messages',
    'posts/s, 1 in flight',
    'posts/s, 64 in flight',
    'joins/s',
    'search p50 ms',
    'search p99 ms',
    'p99 ms at 50/s',
    'p99 ms at 50/s, during searches',
  ].map((column) => [column, formatted(empty?.[column]), formatted(full?.[column])]);
  const [head = [], ...rest] = rows;
  return table(head, rest);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A formatted value. */
function formatted(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en');
  return value === undefined || value === null ? '–' : String(value);
}

const FROM = '<!-- What `npm run bench -- --write` measured: -->\n';
const TO = '<!-- The end of what it measured. -->\n';

/** A text with these tables between its two markers. */
export function withTables(text: string, report: Report): string {
  const [before, rest] = text.split(FROM);
  const [, after] = rest?.split(TO) ?? [];
  if (after === undefined) throw new Error(`The page has no ${FROM}and ${TO}`);
  return `${before}${FROM}\n${tablesOf(report)}\n\n${TO}${after}`;
}
