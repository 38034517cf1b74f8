import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { ChatError } from '../../server/core/errors.ts';
import { ImageQueue } from '../../server/features/attachments/images/image-queue.ts';

const never = new AbortController().signal;

/** A queue whose clock goes on where a test says so. */
function open() {
  let nowMs = 0;
  const queue = new ImageQueue(() => nowMs);
  const done: string[] = [];
  return {
    queue,
    /** What has been done, in order. */
    done,
    pass(ms: number) {
      nowMs += ms;
    },
    /** Does something that takes so long, for an address. */
    add(name: string, tookMs: number, signal = never): Promise<void> {
      const [address = ''] = name;
      return queue.run(address, signal, async () => {
        await new Promise(setImmediate);
        nowMs += tookMs;
        done.push(name);
      });
    },
  };
}

suite('A fair queue', () => {
  test('does one thing at a time, and those of one address in their order', async () => {
    const { queue } = open();
    let running = 0;
    const order: number[] = [];
    const all = [1, 2, 3, 4].map((n) =>
      queue.run('a', never, async () => {
        running += 1;
        assert.equal(running, 1);
        await new Promise(setImmediate);
        running -= 1;
        order.push(n);
      }),
    );
    await Promise.all(all);
    assert.deepEqual(order, [1, 2, 3, 4]);
  });

  test('takes turns among the addresses, whoever came first with however many', async () => {
    const { add, done } = open();
    await Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => add(name, 10)));
    assert.deepEqual(done, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  test('lets an address whose things take long wait for all that the others have', async () => {
    const { add, done } = open();
    const slow = ['a1', 'a2'].map((name) => add(name, 10_000));
    const quick = ['b1', 'b2', 'b3', 'c1', 'c2', 'c3'].map((name) => add(name, 500));
    await Promise.all([...slow, ...quick]);
    assert.equal(done[0], 'a1');
    assert.equal(done.at(-1), 'a2');
  });

  test('forgets what an address has used, after a while', async () => {
    const { add, done, pass } = open();
    await add('a', 10_000);
    await add('b', 100);
    pass(10 * 60_000);
    await Promise.all([add('z', 1_000), add('a', 10), add('b', 10)]);
    // Of ten minutes ago a thousandth counts: 10 ms for one, and nothing for the other.
    assert.deepEqual(done.slice(3), ['b', 'a']);
    const again = open();
    await again.add('a', 10_000);
    await Promise.all([again.add('z', 1_000), again.add('a', 10), again.add('b', 10_000)]);
    assert.deepEqual(again.done.slice(2), ['b', 'a']);
  });

  test('goes on after what fails', async () => {
    const { queue, add, done } = open();
    const failing = queue.run('a', never, () => Promise.reject(new Error('broken')));
    const next = add('b', 1);
    await assert.rejects(failing, /broken/);
    await next;
    assert.deepEqual(done, ['b']);
  });

  test('lets go of what nobody waits for any more, before its turn or at it', async () => {
    const { add, done } = open();
    const gone = new AbortController();
    const reason = new ChatError('bad-request');
    const first = add('a', 1);
    const waiting = add('b', 1, gone.signal);
    const last = add('c', 1);
    gone.abort(reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(add('d', 1, gone.signal), reason);
    await Promise.all([first, last]);
    assert.deepEqual(done, ['a', 'c']);
  });

  test('refuses what has waited for 45 s, and says when to try again', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { queue, add, done } = open();
    const work = Promise.withResolvers<void>();
    const long = queue.run('a', never, () => work.promise);
    const waiting = add('b', 1);
    t.mock.timers.tick(44_999);
    const later = add('c', 1);
    t.mock.timers.tick(1);
    await assert.rejects(waiting, ({ code, status, retryAfterSeconds }: ChatError) => {
      assert.deepEqual([code, status, retryAfterSeconds], ['too-many-images', 503, 10]);
      return true;
    });
    work.resolve();
    await Promise.all([long, later]);
    assert.deepEqual(done, ['c']);
  });
});
