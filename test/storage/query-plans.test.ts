import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { appender } from '../../server/features/appender.ts';
import { queries } from '../../server/features/queries.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { searcher } from '../../server/features/search/search.ts';

/** All statements that the threads of a store prepare, and the database they are for. */
function statements(t: TestContext) {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const { prepare } = DatabaseSync.prototype;
  const prepared = t.mock.method(DatabaseSync.prototype, 'prepare');
  queries(db);
  appender(db);
  searcher(db, ':memory:').index();
  const calls = prepared.mock.calls.map(({ this: on, arguments: [sql] }) => ({
    on: on as DatabaseSync,
    sql,
  }));
  prepared.mock.restore();
  // An index is looked for before a new one is made.
  const open = calls.filter(({ on }) => on.isOpen);
  return open.map(({ on, sql }) => ({
    sql,
    plan: prepare
      .call(on, `EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail)),
  }));
}

/** What has one row, or no more than a bound that stands in the statement. */
const SMALL =
  /^SCAN (log|span|cleared|\(subquery-\d+\)|CONSTANT ROW|found VIRTUAL TABLE INDEX \d+:\S)/;

test('no statement of the store reads through a table that grows, or sorts what it finds there', (t) => {
  const all = statements(t);
  assert.ok(all.length > 80, `${all.length} statements`);
  const slow = all.flatMap(({ sql, plan }) => {
    // In the order of an index it reads no more rows than it gives.
    const isBounded = /\bLIMIT\b/.test(sql);
    const isSmall = (detail: string) =>
      SMALL.test(detail) || plan.includes(detail.replace('SCAN', 'CO-ROUTINE'));
    const scans = plan.filter((detail) => /^SCAN /.test(detail) && !isSmall(detail));
    const isScan = scans.some((detail) => !(isBounded && /USING (COVERING )?INDEX/.test(detail)));
    const sorts = plan.some((detail) => /USE TEMP B-TREE/.test(detail));
    return isScan || (sorts && !isBounded) ? [`${sql}\n${plan.join('\n')}`] : [];
  });
  assert.deepEqual(slow, []);
});
