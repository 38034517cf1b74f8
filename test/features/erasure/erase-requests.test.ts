import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GroupCommitLog } from '../../../server/core/group-commit-log.ts';
import { EraseRequests } from '../../../server/features/erasure/erase-requests.ts';
import { Erasure } from '../../../server/features/erasure/erasure.ts';
import { Store } from '../../../server/features/store.ts';
import { openDataDir } from '../../../server/storage/data-dir.ts';
import { failOnError } from '../../support/observer.ts';
import { temporaryFolder } from '../../support/server.ts';

test('A request to erase that cannot be read stays: once it is gone, it counts as done.', async (t) => {
  const store = await Store.open(openDataDir(':memory:'), failOnError);
  t.after(() => store.close());
  const log = new GroupCommitLog(store, failOnError);
  const file = join(temporaryFolder(t), 'request');
  const requests = new EraseRequests(file);
  writeFileSync(file, '{"uids":["');
  const erasure = new Erasure({ log, queries: store.queries, requests, intervalMs: 3_600_000 });
  await erasure.start();
  await erasure.close();
  assert.ok(requests.isThere);
  assert.equal(log.head, 0);
});
