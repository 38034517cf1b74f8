import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { ServerError } from '../../static/client/connection/post.ts';
import { EditQueue } from '../../static/client/room/edit-queue.ts';

const settled = () => new Promise(setImmediate);

interface Edit {
  readonly id: number;
  readonly message: string;
}

/** Edits whose requests the test answers. */
function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 1);
  const line = { isLive: true };
  const posted: Edit[] = [];
  const rejected: (readonly [string, string])[] = [];
  let pending = 0;
  let answer: PromiseWithResolvers<ServerError | undefined> = Promise.withResolvers();
  const queue = new EditQueue({
    send(command) {
      posted.push(command as Edit);
      answer = Promise.withResolvers();
      return answer.promise;
    },
    isLive: () => line.isLive,
    onPending() {
      pending += 1;
    },
    onRejected: (text, why) => void rejected.push([text, why]),
  });
  const reply = async (error?: ServerError) => {
    answer.resolve(error);
    await settled();
  };
  const fail = async () => {
    answer.reject(new Error('out of reach'));
    await settled();
  };
  return { queue, line, posted, rejected, pending: () => pending, reply, fail };
}

suite('An edit', () => {
  test('is posted at once, and once', async (t) => {
    const { queue, posted, pending, reply } = open(t);
    queue.save(7, 'new');
    await reply();
    await queue.resume();
    t.mock.timers.tick(60_000);
    assert.deepEqual(
      posted.map(({ id, message }) => [id, message]),
      [[7, 'new']],
    );
    assert.equal(pending(), 0);
  });

  test('that is rejected is restored with the reason, and not posted again', async (t) => {
    const { queue, posted, rejected, reply } = open(t);
    queue.save(7, 'new');
    await reply({ code: 'not-author', message: 'It is not yours.' });
    await queue.resume();
    assert.deepEqual(rejected, [['new', 'It is not yours.']]);
    assert.equal(posted.length, 1);
  });

  test('waits for the connection, and is posted when it is live', async (t) => {
    const { queue, line, posted, pending, reply } = open(t);
    line.isLive = false;
    queue.save(7, 'new');
    await settled();
    assert.deepEqual([posted.length, pending()], [0, 1]);
    t.mock.timers.tick(60_000);
    assert.equal(posted.length, 0, 'there is no connection to try');
    line.isLive = true;
    void queue.resume();
    await reply();
    assert.equal(posted.length, 1);
  });

  test('is posted again after a growing delay where the server is out of reach', async (t) => {
    const { queue, posted, pending, fail, reply } = open(t);
    queue.save(7, 'new');
    for (const ms of [500, 1_000, 2_000]) {
      const count = posted.length;
      await fail();
      t.mock.timers.tick(ms - 1);
      await settled();
      assert.equal(posted.length, count);
      t.mock.timers.tick(1);
      await settled();
      assert.equal(posted.length, count + 1);
    }
    assert.equal(pending(), 3);
    await reply();
    t.mock.timers.tick(60_000);
    assert.equal(posted.length, 4);
  });

  test('of a message that is edited again meanwhile is followed by the new text', async (t) => {
    const { queue, posted, reply } = open(t);
    queue.save(7, 'one');
    queue.save(7, 'two');
    await reply();
    await reply();
    await queue.resume();
    assert.deepEqual(
      posted.map(({ message }) => message),
      ['one', 'two'],
    );
  });

  test('waits for the edit before it, whose failure does not lose it', async (t) => {
    const { queue, posted, fail, reply } = open(t);
    queue.save(7, 'one');
    queue.save(8, 'two');
    assert.equal(posted.length, 1);
    await fail();
    t.mock.timers.tick(500);
    await reply();
    await reply();
    assert.deepEqual(
      posted.map(({ id }) => id),
      [7, 7, 8],
    );
  });
});
