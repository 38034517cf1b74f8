import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { appender } from '../../server/features/appender.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { posted } from '../support/events.ts';
import { temporaryFolder } from '../support/server.ts';

test('A group that does not fit on the disk is not written at all, and the next one is.', (t) => {
  const db = openDatabase(join(temporaryFolder(t), 'chat.sqlite'));
  t.after(() => db.close());
  const append = appender(db);
  const group = (from: number) =>
    Array.from({ length: 100 }, (_, n) => posted('x'.repeat(500), `${from + n}`));
  const count = () => db.prepare('SELECT count(*) AS n FROM messages').get()?.n;
  append(group(0));
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
  // SQLite's own limit: it fails in the middle of the group, and rolls back by itself.
  db.exec(`PRAGMA max_page_count = ${pages + 3}`);
  assert.throws(() => append(group(100)), /database or disk is full/);
  assert.equal(db.isTransaction, false);
  assert.equal(count(), 100);
  db.exec('PRAGMA max_page_count = 100000');
  const outcomes = append(group(100));
  assert.equal(count(), 200);
  assert.ok(outcomes.every((outcome) => 'change' in outcome && outcome.isNew));
});
