import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { JobQueue } from '../server/limits/job-queue.ts';

/** A queue in which one job runs until it is told to end, and what became of the others. */
function openQueue(maxWaiting: number) {
  const queue = new JobQueue(maxWaiting);
  const first = Promise.withResolvers<void>();
  const log: string[] = [];
  const run = (key: string, name: string) =>
    queue
      .run(key, async () => {
        log.push(name);
        if (name === 'fails') throw new Error('it failed');
      })
      .catch((error) => log.push(`${name}: ${error.code ?? error.message}`));
  const running = queue.run('first', () => first.promise);
  return { queue, run, log, end: first.resolve, running };
}

suite('A fair queue', () => {
  test('takes turns: one who has many waits for their own', async () => {
    const { run, log, end } = openQueue(10);
    const all = [
      ...['a1', 'a2', 'a3'].map((name) => run('a', name)),
      run('b', 'b1'),
      run('c', 'c1'),
    ];
    end();
    await Promise.all(all);
    assert.deepEqual(log, ['a1', 'b1', 'c1', 'a2', 'a3']);
  });

  test('that is full lets in whoever has fewer, for the last of whoever has most', async () => {
    const { run, log, end } = openQueue(4);
    const all = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => run('a', name));
    all.push(run('b', 'b1'), run('b', 'b2'), run('b', 'b3'), run('c', 'c1'));
    end();
    await Promise.all(all);
    const [refused, done] = [
      log.filter((line) => line.includes(':')),
      log.filter((line) => !line.includes(':')),
    ];
    assert.deepEqual(refused.toSorted(), [
      'a2: overloaded',
      'a3: overloaded',
      'a4: overloaded',
      'a5: overloaded',
      'b3: overloaded',
    ]);
    assert.deepEqual(done, ['a1', 'b1', 'c1', 'b2']);
  });

  test('goes on after a job that fails, and refuses what waits when it is closed', async () => {
    const { queue, run, log, end, running } = openQueue(4);
    const some = [run('a', 'fails'), run('a', 'a2')];
    end();
    await Promise.all([running, ...some]);
    assert.deepEqual(log.toSorted(), ['a2', 'fails', 'fails: it failed']);
    const last = Promise.withResolvers<string>();
    const goesOn = queue.run('a', () => last.promise);
    const waits = run('b', 'b1');
    queue.close();
    await Promise.all([waits, run('c', 'c1')]);
    last.resolve('done');
    assert.equal(await goesOn, 'done');
    assert.deepEqual(log.slice(3), ['b1: shutting-down', 'c1: shutting-down']);
  });
});
