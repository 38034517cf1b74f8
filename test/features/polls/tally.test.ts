import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { isPublic } from '../../../server/features/polls/poll.ts';
import { roomAction, who } from '../../support/events.ts';
import { errorCodeOf, openPoll, ROOM, SPEC } from '../../support/poll.ts';

suite('The tally', () => {
  test('is the same whatever the order of votes, changes, withdrawals and repetitions', () => {
    const ballot = fc.record({
      uid: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      options: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
      times: fc.integer({ min: 1, max: 3 }),
      isCounted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(ballot, { maxLength: 40 }), (ballots) => {
        const poll = openPoll();
        const last = new Map<string, readonly number[]>();
        for (const { uid, options, times, isCounted } of ballots) {
          for (let n = 0; n < times; n += 1) poll.vote(uid, options);
          const isValid =
            options.length <= SPEC.maxChoices && options.every((option) => option < 3);
          if (isValid) last.set(uid, options);
          if (isCounted) poll.count();
        }
        const all = [...last.values()];
        const { counts, voters } = poll.count();
        assert.deepEqual(
          counts,
          SPEC.options.map((_, option) => all.filter((chosen) => chosen.includes(option)).length),
        );
        assert.equal(voters, all.filter((chosen) => chosen.length > 0).length);
        poll.close();
      }),
      { numRuns: 150 },
    );
  });

  test('is the sum of the votes, after any change of a poll of any kind', () => {
    const step = fc.record({
      uid: fc.constantFrom('a', 'b', 'c', 'd'),
      does: fc.constantFrom('vote', 'choose', 'take back', 'suggest', 'drop', 'reset'),
      option: fc.integer({ min: 0, max: 4 }),
    });
    const kinds = [
      { kind: 'choice' as const, maxChoices: 2 },
      { kind: 'applause' as const, maxChoices: 1 },
      { kind: 'q-and-a' as const, options: [], maxChoices: 100 },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.array(step, { maxLength: 40 }), (kind, steps) => {
        const poll = openPoll(kind);
        for (const { uid, does, option } of steps) {
          if (does === 'vote') poll.vote(uid, [option]);
          if (does === 'choose') poll.choose(uid, option);
          if (does === 'take back') poll.choose(uid, option, false);
          if (does === 'suggest') poll.suggest(uid, `text ${option}`);
          if (does === 'drop') poll.moderate(option, 'removed');
          if (does === 'reset' && option === 0) poll.change('reset');
        }
        const { counts, voters, states } = poll.count();
        const votes = poll.dump('votes');
        const expected = counts.map((_, option) =>
          states[option] === 'removed'
            ? 0
            : votes.reduce((sum, row) => sum + (row.option === option ? Number(row.n) : 0), 0),
        );
        assert.deepEqual(counts, expected);
        assert.equal(voters, new Set(votes.map(({ uid }) => uid)).size);
        poll.close();
      }),
      { numRuns: 200 },
    );
  });

  test('of applause counts every click', () => {
    const poll = openPoll({ kind: 'applause', maxChoices: 1 });
    for (let n = 0; n < 7; n += 1) poll.vote('a', [0]);
    poll.vote('b', [1]);
    const { counts, voters } = poll.count();
    assert.deepEqual([counts, voters], [[7, 1, 0], 2]);
    poll.close();
  });

  test('changes nothing, and has no `seq` of its own, where nothing is new', () => {
    const poll = openPoll();
    poll.vote('a', [0]);
    poll.count();
    const again = poll.appendOne({ kind: 'poll-tallied', room: ROOM, id: poll.id, at: 5 });
    assert.ok('isNew' in again && !again.isNew);
    poll.close();
  });
});

suite('A vote', () => {
  test('is rejected after the poll was closed, by a user or by the clock, and for what is no option', () => {
    const poll = openPoll({ minutes: 1 });
    assert.equal(errorCodeOf(poll.vote('a', [3])), 'no-such-option');
    assert.equal(errorCodeOf(poll.vote('a', [0, 1, 2])), 'too-many-choices');
    assert.ok('change' in poll.vote('a', [0], 59_999));
    assert.equal(errorCodeOf(poll.vote('b', [0], 60_000)), 'poll-closed');
    assert.deepEqual(poll.count(60_000).counts, [1, 0, 0]);
    assert.equal(poll.count(60_000).isOpen, false);
    poll.change('reopened');
    assert.ok('change' in poll.vote('b', [1], 60_200));
    poll.change('closed');
    assert.equal(errorCodeOf(poll.vote('c', [0], 60_200)), 'poll-closed');
    const nowhere = {
      kind: 'votes-set',
      room: 'other',
      who: who('a'),
      id: poll.id,
      options: [0],
      at: 1,
    };
    assert.equal(errorCodeOf(poll.appendOne({ ...nowhere, kind: 'votes-set' })), 'no-such-poll');
    poll.close();
  });

  test('that is final stays, and its repetition is the same vote', () => {
    const poll = openPoll({ canChangeVote: false });
    assert.ok('change' in poll.vote('a', [0]));
    const again = poll.vote('a', [0]);
    assert.ok('isNew' in again && !again.isNew);
    assert.equal(errorCodeOf(poll.vote('a', [1])), 'vote-is-final');
    assert.equal(errorCodeOf(poll.vote('a', [])), 'vote-is-final');
    assert.deepEqual(poll.count().counts, [1, 0, 0]);
    poll.close();
  });

  test('of a muted or banned user does not count, and a vote in a locked room does', () => {
    const poll = openPoll();
    poll.appendOne(
      roomAction({ type: 'user-muted', whom: who('a'), minutes: null, address: null }, MODERATOR),
    );
    poll.appendOne(roomAction({ type: 'lock-changed', enabled: true }, MODERATOR));
    assert.equal(errorCodeOf(poll.vote('a', [0])), 'muted');
    assert.ok('change' in poll.vote('b', [0]));
    poll.close();
  });
});

const MODERATOR = who('moderator', { isModerator: true });

suite('A poll', () => {
  test('is closed, reopened, reset and revealed by its author and by moderators', () => {
    const poll = openPoll({ resultsVisibility: 'after-close' });
    poll.vote('a', [0]);
    assert.equal(errorCodeOf(poll.change('closed', 'other')), 'not-moderator');
    assert.ok('change' in poll.change('revealed'));
    assert.equal(poll.count().isRevealed, true);
    poll.change('reset');
    const { counts, voters, isRevealed } = poll.count();
    assert.deepEqual([counts, voters, isRevealed], [[0, 0, 0], 0, false]);
    const remove = { kind: 'message-deleted' as const, room: ROOM, id: poll.id, at: 1 };
    assert.equal(errorCodeOf(poll.appendOne({ ...remove, who: who('other') })), 'not-moderator');
    assert.ok('change' in poll.appendOne({ ...remove, who: who('creator') }));
    assert.equal(errorCodeOf(poll.vote('a', [0])), 'no-such-poll');
    poll.close();
  });

  test('has its results hidden again by those users, but not where they stay public', () => {
    const poll = openPoll();
    poll.vote('a', [0]);
    assert.equal(isPublic(poll.count()), true);
    assert.equal(errorCodeOf(poll.change('hidden', 'other')), 'not-moderator');
    assert.ok('change' in poll.change('hidden'));
    assert.equal(isPublic(poll.count()), false);
    assert.ok('change' in poll.change('revealed'));
    assert.equal(isPublic(poll.count()), true);
    poll.change('hidden');
    poll.change('closed');
    assert.equal(errorCodeOf(poll.change('hidden')), 'results-public');
    poll.close();
    const questions = openPoll({ kind: 'q-and-a', options: [] });
    assert.equal(errorCodeOf(questions.change('hidden')), 'results-public');
    questions.close();
  });

  test('gets more time while it is open, from its end or from now', () => {
    const poll = openPoll();
    const extend = (at: number, by = 'creator') => {
      const event = { kind: 'poll-extended' as const, room: ROOM, id: poll.id, seconds: 30, at };
      return poll.appendOne({ ...event, who: who(by) });
    };
    assert.equal(errorCodeOf(extend(1_000, 'other')), 'not-moderator');
    assert.ok('change' in extend(1_000));
    assert.equal(poll.count(2_000).closesAt, 31_000);
    assert.ok('change' in extend(2_000));
    assert.equal(poll.count(3_000).closesAt, 61_000);
    assert.equal(errorCodeOf(extend(61_000)), 'poll-closed');
    assert.equal(poll.count(61_000).isOpen, false);
    poll.close();
  });

  test('counts for slow mode, as messages do', () => {
    const poll = openPoll();
    poll.appendOne(roomAction({ type: 'slow-mode-changed', seconds: 60 }, MODERATOR));
    const createPoll = (at: number) =>
      poll.appendOne({
        kind: 'poll-created',
        room: ROOM,
        who: who('a'),
        cid: null,
        poll: SPEC,
        files: [],
        at,
      });
    assert.ok('change' in createPoll(60_000));
    assert.equal(errorCodeOf(createPoll(119_000)), 'slow-mode');
    assert.ok('change' in createPoll(120_000));
    poll.close();
  });

  test('shows who voted for what only where voters are shown', () => {
    for (const isAnonymous of [true, false]) {
      const poll = openPoll({ isAnonymous });
      poll.vote('a', [0]);
      const names = isAnonymous ? [] : [[{ uid: 'a', name: null }], [], []];
      assert.deepEqual(poll.count().names, names);
      poll.close();
    }
  });
});
