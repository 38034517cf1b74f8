import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ChatError } from '../../server/core/errors.ts';
import { JobQueue, type JobQueueOptions } from '../../server/limits/job-queue.ts';

/** A queue with a fake clock. */
function open(options: JobQueueOptions = {}) {
  let nowMs = 0;
  const queue = new JobQueue({ ...options, now: () => nowMs });
  const done: string[] = [];
  return {
    queue,
    /** The jobs that were done, in order. */
    done,
    pass(ms: number) {
      nowMs += ms;
    },
    /** Runs a job of this duration, for the client of its first letter. */
    add(name: string, tookMs: number, signal?: AbortSignal): Promise<void> {
      const [client = ''] = name;
      const job = async () => {
        await new Promise(setImmediate);
        nowMs += tookMs;
        done.push(name);
      };
      return queue.run(client, job, signal);
    },
  };
}

suite('A job queue', () => {
  for (const concurrency of [1, 2]) {
    test(`runs ${concurrency} at a time, and those of one client in order`, async () => {
      const queue = new JobQueue({ concurrency });
      let running = 0;
      let max = 0;
      const order: number[] = [];
      const all = [1, 2, 3, 4, 5].map((n) =>
        queue.run('a', async () => {
          running += 1;
          max = Math.max(max, running);
          await new Promise(setImmediate);
          running -= 1;
          order.push(n);
        }),
      );
      await Promise.all(all);
      assert.deepEqual(order, [1, 2, 3, 4, 5]);
      assert.equal(max, concurrency);
    });
  }

  test('alternates between clients, regardless of order and number of their jobs', async () => {
    for (const ms of [0, 10]) {
      const { add, done } = open();
      await Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => add(name, ms)));
      assert.deepEqual(done, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    }
  });

  test('lets a client with long jobs wait for all the jobs of the others', async () => {
    const { add, done } = open();
    const slow = ['a1', 'a2'].map((name) => add(name, 10_000));
    const quick = ['b1', 'b2', 'b3', 'c1', 'c2', 'c3'].map((name) => add(name, 500));
    await Promise.all([...slow, ...quick]);
    assert.equal(done[0], 'a1');
    assert.equal(done.at(-1), 'a2');
  });

  test('ages what a client has used', async () => {
    const { add, done, pass } = open();
    await add('a', 10_000);
    await add('b', 100);
    pass(10 * 60_000);
    await Promise.all([add('z', 1_000), add('a', 10), add('b', 10)]);
    // Of ten minutes ago a thousandth counts: 10 ms of one client, nothing of the other.
    assert.deepEqual(done.slice(3), ['b', 'a']);
    const again = open();
    await again.add('a', 10_000);
    await Promise.all([again.add('z', 1_000), again.add('a', 10), again.add('b', 10_000)]);
    assert.deepEqual(again.done.slice(2), ['b', 'a']);
  });

  test('goes on after a job that fails', async () => {
    const { queue, add, done } = open();
    const failing = queue.run('a', () => Promise.reject(new Error('broken')));
    const next = add('b', 1);
    await assert.rejects(failing, /broken/);
    await next;
    assert.deepEqual(done, ['b']);
  });

  test('drops a job that is cancelled, before or after it has started', async () => {
    const { add, done } = open();
    const controller = new AbortController();
    const reason = new ChatError('bad-request');
    const first = add('a', 1);
    const waiting = add('b', 1, controller.signal);
    const last = add('c', 1);
    controller.abort(reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(add('d', 1, controller.signal), reason);
    await Promise.all([first, last]);
    assert.deepEqual(done, ['a', 'c']);
  });

  test('gives no turn to a job that was cancelled as the one before it ended', async () => {
    const { queue, add, done } = open();
    const controller = new AbortController();
    const end = Promise.withResolvers<void>();
    const first = queue.run('a', () => end.promise);
    const waiting = assert.rejects(add('b', 1, controller.signal));
    const last = add('c', 1);
    await new Promise(setImmediate);
    end.resolve();
    controller.abort(new Error('gone'));
    await Promise.all([first, waiting, last]);
    assert.deepEqual(done, ['c']);
  });

  test('admits, when it is full, a client with fewer jobs, and drops the last of the client with the most', async () => {
    const { queue, done, add } = open({ maxWaiting: 4 });
    const first = Promise.withResolvers<void>();
    const running = queue.run('first', () => first.promise);
    const log: string[] = [];
    const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'c1'];
    const all = names.map((name) =>
      add(name, 1).catch((error) => log.push(`${name}: ${error.code}`)),
    );
    first.resolve();
    await Promise.all([running, ...all]);
    const refused = ['a2', 'a3', 'a4', 'a5', 'b3'].map((name) => `${name}: overloaded`);
    assert.deepEqual(log.toSorted(), refused);
    assert.deepEqual(done, ['a1', 'b1', 'c1', 'b2']);
  });

  test('rejects waiting and new jobs when it is closed, and ends running ones', async () => {
    const { queue, add } = open();
    const last = Promise.withResolvers<string>();
    const running = queue.run('a', () => last.promise);
    const refused = [add('b', 1), add('c', 1)];
    queue.close();
    for (const job of [...refused, add('d', 1)]) {
      await assert.rejects(job, ({ code }: ChatError) => code === 'shutting-down');
    }
    last.resolve('done');
    assert.equal(await running, 'done');
  });
});
