import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { appender } from '../../server/features/appender.ts';
import { queries } from '../../server/features/queries.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { searcher } from '../../server/features/search/search.ts';

/** All statements that the threads of a store prepare, and their database. */
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
  // The existence of an index is checked before it is created.
  const open = calls.filter(({ on }) => on.isOpen);
  return open.map(({ on, sql }) => ({
    sql,
    plan: prepare
      .call(on, `EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail)),
  }));
}

/** Tables of one row, limited by a bound in the statement or in the row, or filled by a migration alone. */
const SMALL =
  /^SCAN (log|replica|checkpoints|server|span|cleared|erasing|erasure|room_spellings|\(subquery-\d+\)|CONSTANT ROW|sanction VIRTUAL TABLE|json_each VIRTUAL TABLE|found VIRTUAL TABLE INDEX \d+:\S)/;

test('No statement of the store scans a table that grows, or sorts what it finds there.', (t) => {
  const all = statements(t);
  assert.ok(all.length > 80, `${all.length} statements`);
  const slow = all.flatMap(({ sql, plan }) => {
    // In the order of an index it reads no more rows than it returns.
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
