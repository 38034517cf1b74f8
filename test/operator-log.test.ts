import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { pino } from 'pino';
import { OPERATOR_CODES, OperatorLog } from '../server/operator-log.ts';

const MINUTE_MS = 60_000;
const docs = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');

suite("The log's codes", () => {
  test('are all in docs/operations.md, with what to do, and no others are.', () => {
    const rows = [...docs.matchAll(/^\| `([a-z-]+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code);
    // Refused hosts are logged by their names: see refused-hosts.ts.
    assert.deepEqual(rows.toSorted(), [...OPERATOR_CODES, 'unknown-host'].toSorted());
  });

  test('are logged once a minute each, with the number of suppressed lines.', () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    let now = 0;
    const log = new OperatorLog(logger, () => now);
    for (let n = 0; n < 100; n += 1) log.report('disk-full', { reason: 'SQLITE_FULL' });
    log.report('writes-recovered');
    now += MINUTE_MS;
    log.report('disk-full');
    const seen = lines.map(({ code, repeated, level }) => [code, repeated, level]);
    assert.deepEqual(seen, [
      ['disk-full', undefined, 50],
      ['writes-recovered', undefined, 40],
      ['disk-full', 99, 50],
    ]);
  });
});
