import type { Machine } from '../report.ts';
import { table } from '../tables.ts';
import { BOUND_MS, type Row } from './measure.ts';
import { BOUND_BYTES, type MemoryRow } from './memory.ts';
import type { StarvationRow } from './starvation.ts';

/** All measurements. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly memory: readonly MemoryRow[];
  readonly starvation: readonly StarvationRow[];
}

const WORST = 20;

/** What is over its bound, one per line. */
export function overTheBound({ rows, memory }: Measured): readonly string[] {
  const slow = rows.filter(({ longestMs }) => longestMs > BOUND_MS);
  const large = memory.filter(({ bytes }) => bytes > BOUND_BYTES);
  return [
    ...slow.map((row) => `${milliseconds(row.longestMs)}: ${nameOf(row)} (${row.outcome})`),
    ...large.map(({ what, bytes }) => `${megabytes(bytes)}: ${what}`),
  ];
}

/** The tables, as Markdown. */
export function tables(measured: Measured): string {
  const { rows, memory, starvation } = measured;
  const byTarget = [...Map.groupBy(rows, ({ target }) => target).values()];
  const sections = [
    ['The longest turns of the event loop', turnTable(worst(rows, 'longestMs').slice(0, WORST))],
    ['The most work in all turns together', turnTable(worst(rows, 'totalMs').slice(0, WORST))],
    [
      'The worst of each endpoint and each kind of frame',
      turnTable(byTarget.flatMap((same) => worst(same, 'longestMs').slice(0, 1))),
    ],
    ['Memory held for one client', memoryTable(memory)],
    ['The effect of one address on the others', starvationTable(starvation)],
  ] as const;
  return sections
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `## ${title}\n\n${text}`)
    .join('\n\n');
}

/** The tables as a page of the documentation. */
export function page(measured: Measured, machine: Machine): string {
  const { processor, cores, node, kernel } = machine;
  const over = overTheBound(measured);
  return `# Hostile input

\`npm run bench:hostile\` sends ${measured.rows.length.toLocaleString('en')} requests and frames to a server of its
own, each made to be as expensive as the rules allow: every parameter, header, field and command with
every kind of hostile text, and pages of histories that are full of it. It measures the CPU time that the event
loop of the server is held by each, from one poll for events to the next, at the best of three tries. The bound
is ${BOUND_MS} ms in one turn, and 1 MB of memory for a client that requests and does not read.

Measured on ${processor}, ${cores} cores, ${kernel}, Node ${node}. ${over.length === 0 ? 'Nothing is over the bound.' : `${over.length} are over the bound.`}
\`npm run bench:hostile -- --only TEXT\` repeats a row by a part of its name; it fails if a row is over the bound.

${tables(measured)}
`;
}

function nameOf({ target, part, input }: Row): string {
  return `${target} · ${part} · ${input}`;
}

function worst(rows: readonly Row[], by: 'longestMs' | 'totalMs'): readonly Row[] {
  return rows.toSorted((a, b) => b[by] - a[by]);
}

function turnTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.target,
    row.part,
    row.input,
    row.outcome,
    ...[row.longestMs, row.totalMs, row.othersMs].map(milliseconds),
  ]);
  const head = ['what', 'part', 'input', 'answer', 'longest turn', 'all turns', 'other threads'];
  return tableOf(head, cells);
}

function memoryTable(memory: readonly MemoryRow[]): string {
  const all = memory.toSorted((a, b) => b.bytes - a.bytes).slice(0, WORST);
  return tableOf(
    ['what', 'server', 'kernel'],
    all.map(({ what, bytes, kernelBytes }) => [what, megabytes(bytes), megabytes(kernelBytes)]),
  );
}

function starvationTable(starved: readonly StarvationRow[]): string {
  return tableOf(
    [
      '32 connections of one address',
      'answers to another client',
      'longest wait of the other',
      'accepted',
      'rejected',
    ],
    starved.map(({ attack, part, longestMs, accepted, rejected }) => [
      ...[
        attack,
        `${Math.round(100 * part)}%`,
        milliseconds(longestMs),
        `${accepted}`,
        `${rejected}`,
      ],
    ]),
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const safe = (text: string) => text.replaceAll('|', '\\|');
  return rows.length === 0
    ? ''
    : table(
        head,
        rows.map((cells) => cells.map(safe)),
      );
}

function milliseconds(ms: number): string {
  return Number.isFinite(ms) ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : 'no end';
}

function megabytes(bytes: number): string {
  return Number.isFinite(bytes) ? `${(bytes / 1e6).toFixed(2)} MB` : 'no end';
}
