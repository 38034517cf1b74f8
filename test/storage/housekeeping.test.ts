import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { SearchQueue } from '../../server/features/search/search-queue.ts';
import { WalCheckpointer } from '../../server/storage/wal-checkpointer.ts';

/** A thread that answers when the test lets it, and the calls it received. */
function openThread(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const calls: string[] = [];
  let last = Promise.withResolvers<unknown>();
  const call = (method: string) => {
    calls.push(method);
    last = Promise.withResolvers();
    return last.promise;
  };
  const answer = async (result: unknown) => {
    last.resolve(result);
    await turn();
  };
  const close = async () => undefined;
  let nowMs = 0;
  const tick = (ms: number) => {
    nowMs += ms;
    t.mock.timers.tick(ms);
  };
  const now = () => nowMs;
  const thread = {
    search: () => call('search') as Promise<undefined>,
    index: () => call('index') as Promise<number | undefined>,
    checkpoint: () => call('checkpoint') as Promise<void>,
    cutLog: () => call('cutLog') as Promise<boolean>,
    close,
  };
  return { thread, calls, answer, tick, now };
}

suite('The search index thread', () => {
  test('is called again for what was committed during its last call', async (t) => {
    const { thread, calls, answer, tick } = openThread(t);
    const searches = new SearchQueue(thread);
    tick(1_000);
    searches.schedule();
    await answer(undefined);
    tick(60_000);
    assert.deepEqual(calls, ['index', 'index']);
    await answer(undefined);
    tick(60_000);
    assert.equal(calls.length, 2, 'and not when there is nothing new');
    searches.close();
  });

  test('rests between two rounds of purging, but not if there is something new', async (t) => {
    const { thread, calls, answer, tick } = openThread(t);
    const searches = new SearchQueue(thread);
    tick(1_000);
    await answer(300_000);
    tick(200_000);
    assert.equal(calls.length, 1);
    searches.schedule();
    tick(1_000);
    assert.equal(calls.length, 2);
    await answer(99_000);
    tick(100_000);
    assert.equal(calls.length, 3);
    searches.close();
  });
});

suite('The write-ahead log', () => {
  test('is copied again for what was written meanwhile, and truncated if something was erased', async (t) => {
    const { thread, calls, answer, tick, now } = openThread(t);
    const checkpointer = new WalCheckpointer(thread, now);
    tick(1_000);
    checkpointer.schedule(false);
    await answer(true);
    tick(1_000);
    assert.deepEqual(calls, ['cutLog', 'checkpoint'], 'a crash may have left erased text');
    await answer(undefined);
    checkpointer.schedule(true);
    tick(1_000);
    assert.equal(calls.at(-1), 'checkpoint', 'not so soon after the last cut');
    await answer(undefined);
    tick(5_000);
    assert.deepEqual(calls.slice(3), ['cutLog'], 'but as soon as it is allowed');
    await checkpointer.close();
    await answer(false);
    tick(60_000);
    assert.equal(calls.length, 4);
  });
});
