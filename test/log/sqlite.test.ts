import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Change } from '../../server/core/change.ts';
import { ChatError } from '../../server/core/errors.ts';
import { GroupCommitLog } from '../../server/core/group-commit-log.ts';
import type { Event } from '../../server/features/events.ts';
import { Store } from '../../server/features/store.ts';
import { openDataDir } from '../../server/storage/data-dir.ts';
import { posted, who } from '../support/events.ts';
import { failOnError } from '../support/observer.ts';
import { temporaryFolder } from '../support/server.ts';

async function openLog(t: TestContext, data: string) {
  const folder = openDataDir(data);
  const store = await Store.open(folder, failOnError);
  const log = new GroupCommitLog(store, failOnError);
  const batches: Change[][] = [];
  log.onCommit((batch) => batches.push([...batch]));
  t.after(async () => {
    await log.close();
    await store.close();
    folder.release();
  });
  return { log, store, batches };
}

suite('The log', () => {
  test('numbers events in order, and what comes in one turn is one batch', async (t) => {
    const { log, batches } = await openLog(t, temporaryFolder(t));
    const appended = await Promise.all(['a', 'b', 'c'].map((body) => log.append(posted(body))));
    assert.deepEqual(
      appended.map(({ change }) => change.seq),
      [1, 2, 3],
    );
    assert.deepEqual(
      batches.map((batch) => batch.map(({ message }) => message?.body)),
      [['a', 'b', 'c']],
    );
    assert.equal(log.head, 3);
  });

  test('what arrives while a commit runs goes into the next one, together', async (t) => {
    const { log, batches } = await openLog(t, temporaryFolder(t));
    const first = log.append(posted('first'));
    // One turn on, the first is at the disk.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const rest = ['a', 'b', 'c'].map((body) => log.append(posted(body)));
    await Promise.all([first, ...rest]);
    assert.deepEqual(
      batches.map((batch) => batch.length),
      [1, 3],
    );
  });

  test('is heard before the one who wrote is answered, and is on the disk by then', async (t) => {
    const { log, store } = await openLog(t, temporaryFolder(t));
    const order: string[] = [];
    log.onCommit(() => order.push('heard'));
    await log.append(posted('a')).then(() => order.push('answered'));
    assert.deepEqual(order, ['heard', 'answered']);
    assert.equal((await store.queries.before('class', 99, 1)).messages[0]?.body, 'a');
  });

  test('takes the same client id once: a retry gets what came of the first', async (t) => {
    const { log, batches } = await openLog(t, temporaryFolder(t));
    const first = await log.append(posted('a', 'cid'));
    const again = await log.append(posted('a', 'cid'));
    assert.equal(first.isNew, true);
    assert.deepEqual(again, { change: first.change, isNew: false });
    assert.equal(batches.length, 1, 'and nobody hears of it twice');
    const of = (event: Event) => log.append(event).then(({ change }) => change.seq);
    assert.equal(await of(posted('a', 'cid', who('another'))), 2, 'another visitor has other ids');
    await assert.rejects(
      log.append(posted('b', 'cid')),
      (error: ChatError) => error.code === 'cid-reused' && error.status === 409,
    );
    await assert.rejects(log.append({ ...posted('a', 'cid'), room: 'elsewhere' }), ChatError);
  });

  test('any events with any retries add up to each once, in the order of their first', async (t) => {
    const { log, batches } = await openLog(t, ':memory:');
    const event = fc.record({
      uid: fc.constantFrom('a', 'b'),
      cid: fc.constantFrom('1', '2', '3', '4'),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1 }), async (events) => {
        run += 1;
        const keys = events.map(({ uid, cid }) => `${run}-${uid}-${cid}`);
        const from = log.head;
        batches.length = 0;
        const appended = await Promise.all(
          events.map(({ uid, cid }) => log.append(posted(cid, `${run}-${cid}`, who(uid)))),
        );
        const unique = [...new Set(keys)];
        assert.deepEqual(
          appended.map(({ change }) => change.seq - from - 1),
          keys.map((key) => unique.indexOf(key)),
        );
        assert.deepEqual(
          batches.flat().map(({ seq }) => seq - from),
          unique.map((_, index) => index + 1),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('refuses what is more than it can hold, and says so; the rest is written', async (t) => {
    const { log } = await openLog(t, ':memory:');
    const all = Array.from({ length: 10_050 }, (_, n) => log.append(posted(`${n}`)));
    const settled = await Promise.allSettled(all);
    const refused = settled.filter(({ status }) => status === 'rejected');
    assert.equal(refused.length, 50);
    for (const result of refused) {
      assert.ok(result.status === 'rejected' && result.reason.code === 'busy');
    }
    assert.equal(log.head, 10_000);
  });

  test('ends when all is written, and takes nothing after that', async (t) => {
    const { log } = await openLog(t, temporaryFolder(t));
    const all = Array.from({ length: 1_200 }, (_, n) => log.append(posted(`${n}`)));
    await log.close();
    assert.equal(log.head, 1_200);
    await Promise.all(all);
    await assert.rejects(
      log.append(posted('late')),
      (error: ChatError) => error.code === 'closing',
    );
  });

  test('goes on where a listener throws, and the other listeners hear of the batch', async (t) => {
    const folder = openDataDir(':memory:');
    const store = await Store.open(folder, failOnError);
    const errors: unknown[] = [];
    const listenerFailed = (error: unknown) => errors.push(error);
    const log = new GroupCommitLog(store, { ...failOnError, listenerFailed });
    t.after(async () => {
      await log.close();
      await store.close();
      folder.release();
    });
    const broken = new Error('broken');
    log.onCommit(() => {
      throw broken;
    });
    const heard: number[] = [];
    log.onCommit((batch) => heard.push(...batch.map(({ seq }) => seq)));
    for (const body of ['a', 'b']) await log.append(posted(body));
    assert.deepEqual(heard, [1, 2]);
    assert.deepEqual(errors, [broken, broken]);
  });
});
