import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ChatError } from '../../server/core/errors.ts';
import { GroupCommitLog } from '../../server/core/group-commit-log.ts';
import type { LogObserver } from '../../server/core/log.ts';
import { Store } from '../../server/features/store.ts';
import { openDataDir } from '../../server/storage/data-dir.ts';
import { WorkerLinks } from '../../server/workers/worker-links.ts';
import { WorkerLog } from '../../server/workers/worker-log.ts';
import { storedBodies, testLog } from '../core/log-contract.ts';
import { posted } from '../support/events.ts';
import { failOnError } from '../support/observer.ts';
import { type Scope, temporaryFolder } from '../support/server.ts';
import { linkWorker } from '../support/workers.ts';

/** The log of a primary in a folder, and a way to add workers. */
async function openPrimary(t: Scope, data: string) {
  const folder = openDataDir(data);
  const store = await Store.open(folder, failOnError);
  const log = new GroupCommitLog(store, failOnError);
  const links = new WorkerLinks();
  log.onCommit((batch) => links.publish(batch));
  const ends: (() => unknown)[] = [];
  let workers = 0;
  const close = async () => {
    for (const end of ends.splice(0)) await end();
    await log.close();
    await store.close();
    folder.release();
  };
  t.after(close);
  return {
    store,
    log,
    close,
    async addWorker(observer: LogObserver = failOnError) {
      workers += 1;
      const worker = linkWorker(links, `${workers}`, log);
      const own = new WorkerLog(worker.channel, log, observer);
      await own.start();
      ends.push(() => own.close().then(worker.close));
      return { ...worker, log: own };
    },
  };
}

testLog('of a worker', async (t: TestContext, observer: LogObserver) => {
  let end = async () => {};
  // The log is closed before its folder is removed.
  t.after(() => end());
  const data = temporaryFolder(t);
  const open = async () => {
    const primary = await openPrimary({ after: () => {} }, data);
    end = primary.close;
    const { log } = await primary.addWorker(observer);
    return { log, store: primary.store };
  };
  const { log, store } = await open();
  return {
    log,
    stored: (room) => storedBodies(store, room),
    async reopen() {
      await end();
      return (await open()).log;
    },
  };
});

test('All workers receive the same batches, whichever appended, and a later one what comes then.', async (t) => {
  const primary = await openPrimary(t, temporaryFolder(t));
  const [one, two] = [await primary.addWorker(), await primary.addWorker()];
  const received: number[][] = [[], [], []];
  const collect = ({ log }: typeof one, index: number) =>
    log.onCommit((batch) => received[index]?.push(...batch.map(({ seq }) => seq)));
  collect(one, 0);
  collect(two, 1);
  const all = Array.from({ length: 200 }, (_, n) => (n % 2 ? one : two).log.append(posted(`${n}`)));
  const seqs = (await Promise.all(all)).map(({ change }) => change.seq);
  const late = await primary.addWorker();
  collect(late, 2);
  assert.equal(late.log.head, primary.log.head);
  const last = (await one.log.append(posted('last'))).change.seq;
  for (const { log } of [two, late]) assert.equal(await log.reach(last), true);
  assert.deepEqual(
    received[0],
    [...seqs, last].sort((a, b) => a - b),
  );
  assert.deepEqual(received[1], received[0]);
  assert.deepEqual(received[2], [last]);
});

test('A number that nobody has published is not reached, and one from another worker is.', async (t) => {
  const primary = await openPrimary(t, temporaryFolder(t));
  const [one, two] = [await primary.addWorker(), await primary.addWorker()];
  for (const body of ['a', 'b', 'c']) {
    const { change } = await one.log.append(posted(body));
    assert.equal(await two.log.reach(change.seq), true);
    assert.equal(await two.log.reach(change.seq + 1), false);
  }
});

test('Appends that wait when the primary ends are unconfirmed, and so are later ones.', async (t) => {
  const primary = await openPrimary(t, temporaryFolder(t));
  const { log, close } = await primary.addWorker();
  const waiting = log.append(posted('a'));
  close();
  const isUnconfirmed = (error: ChatError) => error.code === 'unconfirmed';
  await assert.rejects(waiting, isUnconfirmed);
  await assert.rejects(log.append(posted('b')), isUnconfirmed);
});
