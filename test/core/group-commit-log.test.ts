import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Change } from '../../server/core/change.ts';
import { GroupCommitLog, type LogStore } from '../../server/core/group-commit-log.ts';
import type { LogObserver } from '../../server/core/log.ts';
import { Store } from '../../server/features/store.ts';
import { openDataDir } from '../../server/storage/data-dir.ts';
import { failOnError } from '../support/observer.ts';
import { temporaryFolder } from '../support/server.ts';
import { storedBodies, testLog } from './log-contract.ts';

testLog('with a group commit to SQLite', async (t: TestContext, observer: LogObserver) => {
  let end = async () => {};
  // The log is closed before its folder is removed.
  t.after(() => end());
  const data = temporaryFolder(t);
  const open = async () => {
    const folder = openDataDir(data);
    const store = await Store.open(folder, failOnError);
    const log = new GroupCommitLog(store, observer);
    end = async () => {
      await log.close();
      await store.close();
      folder.release();
    };
    return { log, store };
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

test('A group that cannot be written is rejected as a whole, and the next one is written.', async () => {
  const failures: unknown[] = [];
  const diskFull = new Error('disk full');
  let seq = 0;
  // The log knows only the order of its events.
  const store: LogStore<string, Change> = {
    position: { epoch: 'epoch', head: 0 },
    append(group) {
      if (group.includes('fails')) return Promise.reject(diskFull);
      return Promise.resolve(
        group.map((room) => {
          seq += 1;
          return { change: { seq, room }, isNew: true };
        }),
      );
    },
  };
  const log = new GroupCommitLog(store, {
    ...failOnError,
    commitFailed: (error) => failures.push(error),
  });
  const published: string[] = [];
  log.onCommit((batch) => published.push(...batch.map(({ room }) => `${room}`)));
  const group = await Promise.allSettled([log.append('a'), log.append('fails')]);
  assert.deepEqual(
    group.map((result) => result.status === 'rejected' && result.reason.code),
    ['not-saved', 'not-saved'],
  );
  assert.deepEqual(failures, [diskFull]);
  assert.equal((await log.append('b')).change.seq, 1);
  assert.deepEqual([published, log.head], [['b'], 1]);
});

test('A group has at most 500 events: what else waits goes into the next.', async () => {
  const groups: number[] = [];
  let seq = 0;
  const store: LogStore<string, Change> = {
    position: { epoch: 'epoch', head: 0 },
    append(group) {
      groups.push(group.length);
      return Promise.resolve(
        group.map((room) => {
          seq += 1;
          return { change: { seq, room }, isNew: true };
        }),
      );
    },
  };
  const log = new GroupCommitLog(store, failOnError);
  await Promise.all(Array.from({ length: 1_001 }, () => log.append('room')));
  assert.deepEqual(groups, [500, 500, 1]);
});
