import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { WorkQueue } from '../../server/limits/work-queue.ts';

/** A queue whose clock is advanced by its pieces of work, and what ran in each turn. */
function openQueue() {
  let now = 0;
  const turns: string[][] = [[]];
  const clock = { now: () => now, cpu: () => now };
  const queue = new WorkQueue(clock);
  const piece = (name: string, ms: number) => () => {
    now += ms;
    turns.at(-1)?.push(name);
    return name;
  };
  const turn = async () => {
    turns.push([]);
    await new Promise(setImmediate);
  };
  return { queue, turns, piece, turn };
}

suite('A work queue', () => {
  test('runs what fits into a turn of the event loop, and the rest in the next turns', async () => {
    const { queue, turns, piece, turn } = openQueue();
    const done = [...'abcdefg'].map((name) => queue.run('client', piece(name, 6)));
    for (let n = 0; n < 3; n += 1) await turn();
    // The first piece has to be measured before it is known that queueing is worth it.
    assert.deepEqual(turns, [['a', 'b', 'c'], ['d', 'e'], ['f', 'g'], []]);
    assert.deepEqual(await Promise.all(done), [...'abcdefg']);
  });

  test('runs a piece of each client before the second of any', async () => {
    const { queue, turns, piece, turn } = openQueue();
    for (let n = 0; n < 5; n += 1) void queue.run('busy', piece(`busy ${n}`, 10));
    void queue.run('other', piece('other', 10));
    for (let n = 0; n < 4; n += 1) await turn();
    assert.deepEqual(turns[0], ['busy 0', 'busy 1']);
    assert.deepEqual(turns.slice(1).flat(), ['busy 2', 'other', 'busy 3', 'busy 4']);
  });

  test('does not let a later client overtake waiting ones', async () => {
    const { queue, turns, piece, turn } = openQueue();
    void queue.run('a', piece('a 0', 20));
    void queue.run('a', piece('a 1', 10));
    void queue.run('a', piece('a 2', 1));
    void queue.run('b', piece('b', 1));
    await turn();
    assert.deepEqual(turns, [
      ['a 0', 'a 1'],
      ['a 2', 'b'],
    ]);
  });

  test('counts work that cannot wait for its turn, and nested work only once', async () => {
    const { queue, turns, piece, turn } = openQueue();
    queue.runNow(piece('first', 2));
    queue.runNow(() => queue.runNow(piece('now', 9)));
    assert.equal(queue.hasSpent(9), true);
    assert.equal(queue.hasSpent(10), false);
    void queue.run('a', piece('a', 1));
    void queue.run('a', piece('b', 1));
    await turn();
    assert.deepEqual(turns, [['first', 'now', 'a'], ['b']]);
  });

  test('rejects with what a piece throws, and goes on with the others', async () => {
    const { queue, turns, piece, turn } = openQueue();
    void queue.run('a', piece('first', 10));
    void queue.run('a', piece('a', 10));
    const broken = queue.run('a', () => {
      throw new Error('broken');
    });
    const next = queue.run('a', piece('next', 1));
    await Promise.all([assert.rejects(broken, /broken/), turn()]);
    assert.equal(await next, 'next');
    assert.deepEqual(turns, [['first', 'a'], ['next']]);
  });

  test('does not count the CPU time of other processes', async () => {
    let now = 0;
    const queue = new WorkQueue({ now: () => now, cpu: () => now / 100 });
    let count = 0;
    for (let n = 0; n < 50; n += 1) {
      void queue.run('a', () => {
        now += 10;
        count += 1;
      });
    }
    assert.equal(count, 50);
  });
});
