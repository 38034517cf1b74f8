import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../server/features/schema.ts';
import { temporaryFolder } from '../support/server.ts';

test('The database syncs each commit to the disk, and erases what is deleted.', (t) => {
  const db = openDatabase(join(temporaryFolder(t), 'chat.sqlite'));
  t.after(() => db.close());
  const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  assert.equal(pragma('journal_mode'), 'wal');
  // FULL (https://www.sqlite.org/pragma.html#pragma_synchronous).
  assert.equal(pragma('synchronous'), 2);
  assert.equal(pragma('secure_delete'), 1);
});
