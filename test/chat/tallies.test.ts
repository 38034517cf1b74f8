import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Message } from '../../server/core/message.ts';
import { pollOf } from '../../server/features/polls/poll.ts';
import { Tallies } from '../../server/features/polls/poll-counter.ts';
import { messageOf } from '../support/messages.ts';

const ID = 1;

/** A poll as it was counted with so many voters. */
function counted(voters: number): Message {
  const poll = pollOf({
    question: 'Which?',
    options: ['a', 'b'],
    most: 1,
    mayChange: true,
    shows: 'voted',
    isAnonymous: true,
    kind: 'choice',
    closesAt: null,
  });
  const body = JSON.stringify({ ...poll, voters });
  return messageOf(ID, { kind: 'poll', body });
}

/** A poll that is watched, with a clock of the test and counts that end when the test says so. */
function watch(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const counts: PromiseWithResolvers<void>[] = [];
  const tallies = new Tallies(() => {
    const count = Promise.withResolvers<void>();
    counts.push(count);
    return count.promise;
  });
  tallies.watch(counted(0));
  return { tallies, counts, tick: (ms: number) => t.mock.timers.tick(ms) };
}

suite('The counts of a poll', () => {
  test('are made after the votes, one count after the other, none left out', async (t) => {
    const { tallies, counts, tick } = watch(t);
    tallies.note(ID, ['a'], true);
    tallies.note(ID, ['b'], true);
    tick(249);
    assert.equal(counts.length, 0);
    tick(1);
    assert.equal(counts.length, 1);
    // Somebody votes while the count is under way.
    tallies.note(ID, ['c'], true);
    tick(1_000);
    assert.equal(counts.length, 1);
    tallies.watch(counted(2));
    counts[0]?.resolve();
    await counts[0]?.promise;
    await Promise.resolve();
    tick(249);
    assert.equal(counts.length, 1);
    tick(1);
    assert.equal(counts.length, 2);
    tallies.watch(counted(3));
    counts[1]?.resolve();
    await counts[1]?.promise;
    await Promise.resolve();
    tick(1_000);
    assert.equal(counts.length, 2);
    tallies.note(ID, ['d'], true);
    tick(250);
    assert.equal(counts.length, 3);
  });

  test('are for nobody who voted before the poll began anew', (t) => {
    const { tallies } = watch(t);
    tallies.note(ID, ['a'], true);
    assert.deepEqual([...(tallies.insiders(ID) ?? [])], ['a']);
    tallies.watch(counted(0));
    assert.deepEqual([...(tallies.insiders(ID) ?? [])], []);
  });

  test('are for whoever voted before and comes back, as soon as that is known', (t) => {
    const { tallies } = watch(t);
    tallies.note(ID, ['a'], true);
    assert.deepEqual([tallies.unknownTo(['a']), tallies.unknownTo(['b'])], [[], [ID]]);
    tallies.admit(ID, ['b']);
    assert.deepEqual([...(tallies.insiders(ID) ?? [])], ['a', 'b']);
    assert.deepEqual(tallies.unknownTo(['b']), []);
  });

  test('are not made of a poll that is gone', async (t) => {
    const { tallies, counts, tick } = watch(t);
    tallies.note(ID, ['a'], true);
    tick(250);
    tallies.note(ID, ['b'], true);
    tallies.forget(ID);
    counts[0]?.resolve();
    await counts[0]?.promise;
    await Promise.resolve();
    tick(1_000);
    assert.equal(counts.length, 1);
  });
});
