import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { LazyWorkerClient } from '../../server/storage/lazy-worker-client.ts';
import { openForWriting } from '../../server/storage/open.ts';
import { ignoreErrors } from '../support/observer.ts';
import { temporaryFolder } from '../support/server.ts';

test('A late thread opens when it is asked, and tries again where it could not', async (t) => {
  const file = join(temporaryFolder(t), 'chat.sqlite');
  const thread = new LazyWorkerClient({ file, mode: 'read' }, ignoreErrors);
  t.after(() => thread.close());
  await assert.rejects(thread.ask('position'));
  openForWriting(file).close();
  const [one, other] = await Promise.all([thread.ask('position'), thread.ask('position')]);
  assert.equal(one.head, 0);
  assert.deepEqual(other, one);
});

test('A late thread that was never asked is closed like any other', async () => {
  await new LazyWorkerClient({ file: '/nowhere', mode: 'read' }, ignoreErrors).close();
});
