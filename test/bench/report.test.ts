import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chartSvg } from '../../scripts/bench/chart-svg.ts';
import { goals } from '../../scripts/bench/goals.ts';
import type { Row } from '../../scripts/bench/part.ts';
import { reportOf, thisMachine } from '../../scripts/bench/report.ts';
import { tablesOf, withTables } from '../../scripts/bench/tables.ts';

const measured = (...rows: Row[]) => ({ title: 'A part', at: '', seconds: 1, rows });
const parts = {
  capacity: measured(
    { contender: 'Typhoon', 'messages/s': 900 },
    { contender: 'Socket.IO', 'messages/s': 100 },
  ),
  latency: measured(
    { contender: 'Typhoon', 'messages/s': 50, 'p99 ms': 9 },
    { contender: 'Typhoon', 'messages/s': 1_000, note: 'overloaded' },
  ),
};

test('A goal is met or missed, including when the server was overloaded or not measured.', () => {
  const found = Object.fromEntries(goals(parts).map((goal) => [goal.figure, goal]));
  const of = (figure: string) => [found[figure]?.measured, found[figure]?.isMet];
  assert.deepEqual(of('capacity, times Socket.IO'), [9, true]);
  assert.deepEqual(of('capacity, times uWebSockets.js'), [null, null]);
  assert.deepEqual(of('50 messages/s, p99 ms'), [9, false]);
  assert.deepEqual(of('1,000 messages/s, p99 ms'), [null, false]);
});

test('The chart names the servers that were measured, and those that were overloaded.', () => {
  const svg = chartSvg(reportOf(thisMachine(true), parts));
  for (const text of ['Socket.IO', '>900<', '>9<', 'overloaded', 'One core for the server']) {
    assert.ok(svg.includes(text), text);
  }
});

test('The tables contain what was measured, in the marked section of a text.', () => {
  const report = reportOf(thisMachine(true), parts);
  const tables = tablesOf(report);
  const cells = (label: string) =>
    tables
      .split('\n')
      .find((line) => line.startsWith(`| ${label} |`))
      ?.split(' | ')
      .slice(1);
  assert.deepEqual(cells('messages a second to 1,000 waiters, p99 under 100 ms'), [
    ...['900', '–', '–', '–', '100', '– |'],
  ]);
  assert.equal(cells('p50 / p99 ms at 50 a second')?.[0], '– / 9');
  assert.equal(cells('p50 / p99 ms at 1,000 a second')?.[0], 'overloaded');
  assert.deepEqual(cells('50 messages/s, p99 ms'), ['at most 8', '9', 'not met |']);
  const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const written = withTables(page, report);
  assert.ok(written.includes(tables));
  assert.equal(withTables(written, report), written);
  assert.throws(() => withTables('', report), /The page has no/);
});
