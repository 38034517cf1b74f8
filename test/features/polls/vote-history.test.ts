import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { who } from '../../support/events.ts';
import { openPoll, ROOM, suggested } from '../../support/poll.ts';

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** Many vote, each once, and each vote is counted before the next. */
function vote(poll: ReturnType<typeof openPoll>, voters: number, everyMs = 1): void {
  for (let n = 0; n < voters; n += 1) {
    poll.vote(`voter ${n}`, [n % 3], n * everyMs);
    poll.count(n * everyMs);
  }
}

suite('The history of a poll with names', () => {
  test('has the counts after each tally, changes and withdrawals included', () => {
    const poll = openPoll({ isAnonymous: false });
    for (const [uid, options, at] of [
      ['a', [0], 1_001],
      ['b', [1, 2], 1_002],
      ['a', [1], 1_003],
      ['b', [], 1_004],
    ] as const) {
      poll.vote(uid, options, at);
      poll.count(at);
      poll.count(at);
    }
    assert.deepEqual(poll.history(), [
      { at: 0, counts: [0, 0, 0] },
      { at: 1_001, counts: [1, 0, 0] },
      { at: 1_002, counts: [1, 1, 1] },
      { at: 1_003, counts: [0, 2, 1] },
      { at: 1_004, counts: [0, 1, 0] },
    ]);
    poll.change('reset');
    assert.deepEqual(
      poll.history().map(({ counts }) => counts),
      [[0, 0, 0]],
    );
    poll.close();
  });

  test('is bounded, however often the votes are counted, and has the first and the last of it', () => {
    const poll = openPoll({ isAnonymous: false });
    vote(poll, 1_000);
    const points = poll.history();
    assert.ok(poll.rows('vote_history') <= 200 && points.length > 60, `${points.length} points`);
    const totals = points.map(({ counts }) => sum(counts));
    assert.deepEqual([totals[0], totals.at(-1)], [0, 1_000]);
    const steps = totals.slice(1).map((total, n) => total - (totals[n] ?? 0));
    assert.ok(Math.max(...steps) <= 16, `${steps}`);
    poll.close();
  });

  test('has a count for every option, from the first on', () => {
    const poll = openPoll({ kind: 'word-cloud', options: [], isAnonymous: false });
    poll.suggest('a', 'sun');
    poll.count(1);
    poll.suggest('b', 'rain');
    poll.count(2);
    assert.deepEqual(
      poll.history().map(({ counts }) => counts),
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    );
    poll.close();
  });
});

suite('The history of an anonymous poll', () => {
  test('has no step of fewer than five voters and no part of a second, and ends with the counts', () => {
    const step = fc.record({
      uid: fc.integer({ min: 0, max: 60 }),
      option: fc.integer({ min: -1, max: 2 }),
      waitMs: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const poll = openPoll({ maxChoices: 1 });
        let at = 500;
        for (const { uid, option, waitMs } of steps) {
          at += waitMs;
          poll.vote(`${uid}`, option < 0 ? [] : [option], at);
          poll.count(at);
          const points = poll.history();
          assert.ok(points.every((point) => point.at % 1_000 === 0 && point.at <= at));
          const totals = points.map(({ counts }) => sum(counts));
          const closed = totals.slice(0, -1);
          for (const [n, total] of closed.entries()) {
            if (n > 0) assert.ok(Math.abs(total - (closed[n - 1] ?? 0)) >= 5, `${totals}`);
          }
          assert.deepEqual(points.at(-1)?.counts, poll.count(at).counts);
        }
        poll.close();
      }),
      { numRuns: 100 },
    );
  });

  test('has a point for each five voters, whenever they vote', () => {
    const poll = openPoll();
    vote(poll, 23, 700);
    assert.deepEqual(
      poll.history().map(({ counts }) => sum(counts)),
      [0, 5, 10, 15, 23],
    );
    poll.close();
  });

  test('counts the clicks of applause', () => {
    const poll = openPoll({ kind: 'applause', maxChoices: 1 });
    for (let n = 0; n < 12; n += 1) {
      poll.vote('a', [0], n);
      poll.count(n);
    }
    assert.deepEqual(
      poll.history().map(({ counts }) => sum(counts)),
      [0, 5, 12],
    );
    poll.close();
  });
});

suite('Of an anonymous vote, nothing is stored', () => {
  test('except its voter and its option: no name, no time, no order', () => {
    const room = ROOM;
    const zoe = who('zoe', { name: 'Zoe' });
    for (const isAnonymous of [true, false]) {
      const choice = openPoll({ isAnonymous, maxChoices: 2 });
      choice.appendOne({
        kind: 'votes-set',
        room,
        who: zoe,
        id: choice.id,
        options: [0],
        at: 1_234,
      });
      choice.appendOne({
        kind: 'vote-toggled',
        room,
        who: zoe,
        id: choice.id,
        option: 1,
        enabled: true,
        at: 1_234,
      });
      const words = openPoll({ kind: 'word-cloud', options: [], isAnonymous });
      words.appendOne(suggested(zoe, words.id, 'sun', 1_234));
      for (const poll of [choice, words]) {
        poll.count(1_234);
        const dump = JSON.stringify(poll.dump('votes', 'suggestions', 'submissions'));
        assert.equal(dump.includes('Zoe'), !isAnonymous, dump);
        const votes = poll
          .dump('events')
          .filter(({ kind }) => /votes-set|vote-toggled|option-suggested/.test(`${kind}`));
        assert.ok(votes.length > 0);
        for (const { uid, at } of votes) {
          assert.deepEqual([uid, at], isAnonymous ? ['', 1_000] : ['zoe', 1_234]);
        }
        poll.close();
      }
    }
  });
});
