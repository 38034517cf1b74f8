import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Message } from '../../server/core/message.ts';
import { newPoll } from '../../server/features/polls/poll.ts';
import { PollCounter } from '../../server/features/polls/poll-counter.ts';
import { messageOf } from '../support/messages.ts';

const ID = 1;

/** A poll as it was counted with so many voters. */
function counted(voters: number): Message {
  const poll = newPoll({
    question: 'Which?',
    options: ['a', 'b'],
    maxChoices: 1,
    canChangeVote: true,
    resultsVisibility: 'after-vote',
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
  const tallies = new PollCounter(() => {
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
    tallies.onVote(ID, ['a'], true);
    tallies.onVote(ID, ['b'], true);
    tick(249);
    assert.equal(counts.length, 0);
    tick(1);
    assert.equal(counts.length, 1);
    // Somebody votes while the count is under way.
    tallies.onVote(ID, ['c'], true);
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
    tallies.onVote(ID, ['d'], true);
    tick(250);
    assert.equal(counts.length, 3);
  });

  test('are for nobody who voted before the poll began anew', (t) => {
    const { tallies } = watch(t);
    tallies.onVote(ID, ['a'], true);
    assert.deepEqual([...(tallies.resultsAudience(ID) ?? [])], ['a']);
    tallies.watch(counted(0));
    assert.deepEqual([...(tallies.resultsAudience(ID) ?? [])], []);
  });

  test('are for whoever voted before and comes back, as soon as that is known', (t) => {
    const { tallies } = watch(t);
    tallies.onVote(ID, ['a'], true);
    assert.deepEqual([tallies.unknownTo(['a']), tallies.unknownTo(['b'])], [[], [ID]]);
    tallies.admit(ID, ['b']);
    assert.deepEqual([...(tallies.resultsAudience(ID) ?? [])], ['a', 'b']);
    assert.deepEqual(tallies.unknownTo(['b']), []);
  });

  test('are not made of a poll that is gone', async (t) => {
    const { tallies, counts, tick } = watch(t);
    tallies.onVote(ID, ['a'], true);
    tick(250);
    tallies.onVote(ID, ['b'], true);
    tallies.unwatch(ID);
    counts[0]?.resolve();
    await counts[0]?.promise;
    await Promise.resolve();
    tick(1_000);
    assert.equal(counts.length, 1);
  });
});
