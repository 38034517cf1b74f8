import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { newPoll, type Poll } from '../../../server/features/polls/poll.ts';
import { type Counted, PollCounter } from '../../../server/features/polls/poll-counter.ts';

const ID = 1;

/** A poll as it was counted with so many voters. */
function counted(voters: number): Poll {
  const poll = newPoll(
    {
      question: 'Which?',
      options: ['a', 'b'],
      maxChoices: 1,
      canChangeVote: true,
      resultsVisibility: 'after-vote',
      isAnonymous: true,
      kind: 'choice',
      closesAt: null,
    },
    false,
  );
  return { ...poll, voters };
}

/** A poll that is watched, with a clock of the test and counts that end when the test says so. */
function watch(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const counts: PromiseWithResolvers<Counted>[] = [];
  const tallies = new PollCounter(() => {
    const count = Promise.withResolvers<Counted>();
    counts.push(count);
    return count.promise;
  });
  tallies.watch(ID, counted(0));
  return { tallies, counts, tick: (ms: number) => t.mock.timers.tick(ms) };
}

suite('The counts of a poll', () => {
  test('are written after the votes, one after the other, with none left out', async (t) => {
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
    tallies.watch(ID, counted(2));
    counts[0]?.resolve('written');
    await counts[0]?.promise;
    await Promise.resolve();
    tick(249);
    assert.equal(counts.length, 1);
    tick(1);
    assert.equal(counts.length, 2);
    tallies.watch(ID, counted(3));
    counts[1]?.resolve('written');
    await counts[1]?.promise;
    await Promise.resolve();
    tick(1_000);
    assert.equal(counts.length, 2);
    tallies.onVote(ID, ['d'], true);
    tick(250);
    assert.equal(counts.length, 3);
  });

  test('are written by the process that wrote the last ones, and by another if it is silent', async (t) => {
    const { tallies, counts, tick } = watch(t);
    // Another process counts votes of its own.
    tallies.onVote(ID, ['a'], true, false);
    tick(1_749);
    tallies.watch(ID, counted(1));
    assert.equal(counts.length, 0);
    // It leads: a vote that was sent here is left to it for a while.
    tallies.onVote(ID, ['b'], true);
    tick(250);
    tallies.watch(ID, counted(2));
    tick(1_000);
    assert.equal(counts.length, 0);
    tallies.onVote(ID, ['c'], true);
    tick(350);
    assert.equal(counts.length, 1, 'it was silent');
    tallies.watch(ID, counted(3));
    counts[0]?.resolve('written');
    await counts[0]?.promise;
    await Promise.resolve();
    // Now this one leads, and counts all votes.
    tallies.onVote(ID, ['d'], true, false);
    tick(250);
    assert.equal(counts.length, 2);
    // The other one was faster: it leads again.
    counts[1]?.resolve('unchanged');
    await counts[1]?.promise;
    await Promise.resolve();
    tallies.onVote(ID, ['e'], true, false);
    tick(1_749);
    assert.equal(counts.length, 2);
    tick(1);
    assert.equal(counts.length, 3);
  });

  test('are not sent to voters from before a reset', (t) => {
    const { tallies } = watch(t);
    tallies.onVote(ID, ['a'], true);
    assert.deepEqual([...(tallies.resultsAudience(ID) ?? [])], ['a']);
    tallies.watch(ID, counted(0));
    assert.deepEqual([...(tallies.resultsAudience(ID) ?? [])], []);
  });

  test('are sent to a voter who reconnects, as soon as their vote is known', (t) => {
    const { tallies } = watch(t);
    tallies.onVote(ID, ['a'], true);
    assert.deepEqual([tallies.unknownTo(['a']), tallies.unknownTo(['b'])], [[], [ID]]);
    tallies.admit(ID, ['b']);
    assert.deepEqual([...(tallies.resultsAudience(ID) ?? [])], ['a', 'b']);
    assert.deepEqual(tallies.unknownTo(['b']), []);
  });

  test('are not written for a deleted poll', async (t) => {
    const { tallies, counts, tick } = watch(t);
    tallies.onVote(ID, ['a'], true);
    tick(250);
    tallies.onVote(ID, ['b'], true);
    tallies.unwatch(ID);
    counts[0]?.resolve('written');
    await counts[0]?.promise;
    await Promise.resolve();
    tick(1_000);
    assert.equal(counts.length, 1);
  });
});

suite('A poll with a time to close', () => {
  function open(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const results: Counted[] = [];
    let counts = 0;
    const counter = new PollCounter(async () => {
      counts += 1;
      return results.shift() ?? 'written';
    });
    const tick = async (ms: number) => {
      t.mock.timers.tick(ms);
      await new Promise(setImmediate);
    };
    return { counter, results, tick, count: () => counts };
  }

  test('is closed then, by the time that was set last, even in a century', async (t) => {
    const { counter, tick, count } = open(t);
    counter.closeAt(ID, 5_000);
    counter.closeAt(ID, 8_000);
    await tick(7_999);
    assert.equal(count(), 0);
    await tick(1);
    assert.equal(count(), 1);
    // More than a timer can wait for.
    const far = 2 ** 31 + 20_000;
    counter.closeAt(ID, far);
    await tick(2 ** 31 - 1);
    assert.equal(count(), 1);
    await tick(far);
    assert.equal(count(), 2);
  });

  test("is closed later where that can't be written, unless the time has changed", async (t) => {
    const { counter, results, tick, count } = open(t);
    results.push('failed', 'failed');
    counter.closeAt(ID, 1_000);
    await tick(1_000);
    await tick(9_999);
    assert.equal(count(), 1);
    await tick(1);
    assert.equal(count(), 2);
    counter.closeAt(ID, null);
    await tick(60_000);
    assert.equal(count(), 2);
  });

  test('is closed at the time that was set while closing it failed', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const counts: PromiseWithResolvers<Counted>[] = [];
    const counter = new PollCounter(() => {
      const count = Promise.withResolvers<Counted>();
      counts.push(count);
      return count.promise;
    });
    counter.closeAt(ID, 1_000);
    t.mock.timers.tick(1_000);
    counter.closeAt(ID, 50_000);
    counts[0]?.resolve('failed');
    await new Promise(setImmediate);
    t.mock.timers.tick(48_999);
    assert.equal(counts.length, 1);
    t.mock.timers.tick(1);
    assert.equal(counts.length, 2);
  });

  test('has no timer left when its room is closed', async (t) => {
    const { counter, results, tick, count } = open(t);
    results.push('failed');
    counter.closeAt(ID, 1_000);
    counter.onVote(ID, ['a'], true);
    counter.close();
    await tick(60_000);
    assert.equal(count(), 0);
    counter.closeAt(ID, Date.now());
    t.mock.timers.tick(1);
    counter.close();
    await tick(60_000);
    assert.equal(count(), 1, 'one that fails meanwhile is not tried again');
  });
});
