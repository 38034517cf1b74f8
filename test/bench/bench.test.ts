import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { all, shipped } from '../../scripts/bench/contenders.ts';
import type { Row } from '../../scripts/bench/part.ts';
import { parts } from '../../scripts/bench/parts.ts';
import { TINY } from '../../scripts/bench/scale.ts';

/** The peer whose packages are Typhoon's own. */
const peer = all.find(({ name }) => name === 'ws, one render') ?? shipped;

/** The number of rows of each part; a load checks that every message is received exactly once. */
const ROWS: Readonly<Record<string, number>> = {
  ...{
    capacity: 1,
    'cpu-cost': 2,
    'send-loop': 2,
    latency: 2,
    'one-sender': 1,
    'first-seconds': 1,
    memory: 1,
    joins: 1,
    start: 1,
  },
  ...{ http: 4, 'slow-readers': 3, store: 2, page: 4, workers: 4 },
};

// Most of the time that a server takes to start.
suite('The benchmark', { concurrency: 2 }, () => {
  for (const { name, measure } of parts) {
    test(`measures ${name}, and every message is received.`, async () => {
      const contenders = name === 'latency' ? [shipped, peer] : [shipped];
      const rows: Row[] = [];
      for await (const row of measure({ contenders, scale: TINY })) rows.push(row);
      // A busy machine may be overloaded, which is not an error of the benchmark.
      const failed = rows.filter((row) => row.failed !== undefined);
      assert.deepEqual(failed, []);
      assert.equal(rows.length, ROWS[name]);
    });
  }
});
