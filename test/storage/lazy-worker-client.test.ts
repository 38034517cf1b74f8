import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../server/features/schema.ts';
import { openReader } from '../../server/features/store.ts';
import { LazyWorkerClient } from '../../server/storage/lazy-worker-client.ts';
import { ignoreErrors } from '../support/observer.ts';
import { temporaryFolder } from '../support/server.ts';

const openLazily = (file: string) => new LazyWorkerClient(() => openReader(file, ignoreErrors));

test('A lazy worker is started by the first call, and again if starting has failed.', async (t) => {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const thread = openLazily(file);
  t.after(() => thread.close());
  await assert.rejects(thread.call('position'));
  openDatabase(file).close();
  const [first, second] = await Promise.all([thread.call('position'), thread.call('position')]);
  assert.equal(first.head, 0);
  assert.deepEqual(second, first);
});

test('A lazy worker that was never called is closed like any other.', async () => {
  await openLazily('/nowhere').close();
});
