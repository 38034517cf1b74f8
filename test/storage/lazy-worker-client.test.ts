import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Queries } from '../../server/features/queries.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { openReader } from '../../server/features/store-threads.ts';
import { LazyWorkerClient } from '../../server/storage/lazy-worker-client.ts';
import { StorageError } from '../../server/storage/storage-error.ts';
import { WorkerClient } from '../../server/storage/worker-client.ts';
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

test('A lazy worker that is still being opened after some time is not waited for.', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const end = t.mock.method(Worker.prototype, 'terminate');
  // It never says that it is ready, like one that a busy machine gives no time.
  const module = new URL('data:text/javascript,setInterval(()=>{},60_000)');
  const thread = new LazyWorkerClient<Queries>((signal) =>
    WorkerClient.open<Queries>(module, {}, ignoreErrors, signal),
  );
  const rejected = assert.rejects(thread.call('position'), StorageError);
  const closed = thread.close();
  t.mock.timers.tick(2_000);
  await Promise.all([closed, rejected]);
  assert.equal(end.mock.callCount(), 1);
});
