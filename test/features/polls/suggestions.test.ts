import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ratingOf } from '../../../server/features/polls/rating.ts';
import { foldWord } from '../../../server/shared/fold.ts';
import { roomAction, who } from '../../support/events.ts';
import { errorCodeOf, openPoll, ROOM } from '../../support/poll.ts';

const WORDS = { kind: 'word-cloud', options: [], maxChoices: 3 } as const;
const QUESTIONS = { kind: 'q-and-a', options: [], maxChoices: 100 } as const;

suite('What users suggest in a poll', () => {
  test('counts once for each user, whatever the order, the case and the repetitions', () => {
    const step = fc.record({
      uid: fc.constantFrom('a', 'b', 'c'),
      text: fc.constantFrom('Sun', 'sun!', '“SUN”.', 'Straße', 'STRASSE', 'C', 'C#', '雪'),
      isPut: fc.boolean(),
      isCounted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        // As many as there are to choose from: none is too much.
        const poll = openPoll({ ...WORDS, maxChoices: 5 });
        const put: string[] = [];
        const chosen = new Map<string, Set<string>>();
        for (const { uid, text, isPut, isCounted } of steps) {
          const key = foldWord(text);
          const option = put.indexOf(key);
          if (isPut) {
            poll.suggest(uid, text);
            if (option < 0) put.push(key);
            chosen.set(key, (chosen.get(key) ?? new Set()).add(uid));
          } else if (option >= 0) {
            poll.choose(uid, option, false);
            chosen.get(key)?.delete(uid);
          }
          if (isCounted) poll.count();
        }
        const { options, counts } = poll.count();
        assert.deepEqual(options.map(foldWord), put);
        assert.deepEqual(
          counts,
          put.map((key) => chosen.get(key)?.size),
        );
        poll.close();
      }),
      { numRuns: 150 },
    );
  });

  test('is deleted in the words of a user who takes it back', () => {
    const poll = openPoll({ ...WORDS, resultsVisibility: 'after-close' });
    poll.suggest('a', 'Sun');
    poll.suggest('b', 'SUN');
    poll.suggest('b', 'sun', false);
    assert.deepEqual(
      poll.dump('submissions').map(({ uid, text }) => [uid, text]),
      [
        ['a', 'Sun'],
        ['b', ''],
      ],
    );
    poll.close();
  });

  test('is sent to its author, and a repetition changes nothing', () => {
    const poll = openPoll(WORDS);
    const first = poll.suggest('a', 'Sun');
    assert.ok('change' in first && first.isNew);
    assert.deepEqual(first.change.vote, {
      poll: poll.id,
      keys: ['a'],
      options: [0],
      texts: ['Sun'],
    });
    const again = poll.suggest('a', 'sun');
    assert.ok('change' in again && !again.isNew);
    poll.close();
  });

  test('is rejected where it is too long, too much, too late or not possible', () => {
    const poll = openPoll(WORDS);
    assert.equal(errorCodeOf(poll.suggest('a', 'x'.repeat(41))), 'suggestion-too-long');
    for (const text of ['1', '2', '3']) assert.ok('change' in poll.suggest('a', text));
    assert.equal(errorCodeOf(poll.suggest('a', '4')), 'too-many-choices');
    poll.change('closed');
    assert.equal(errorCodeOf(poll.suggest('b', '5')), 'poll-closed');
    assert.deepEqual(poll.count().options, ['1', '2', '3']);
    poll.close();
    const choice = openPoll();
    assert.equal(errorCodeOf(choice.suggest('a', 'x')), 'no-such-option');
    choice.close();
  });

  test('is limited: ten of each user, a hundred in all', () => {
    const poll = openPoll(QUESTIONS);
    for (let n = 0; n < 10; n += 1) assert.ok('change' in poll.suggest('a', `a${n}`));
    assert.equal(errorCodeOf(poll.suggest('a', 'more')), 'too-many-suggestions');
    assert.ok('change' in poll.suggest('a', 'A3'), 'one that is there is chosen, not put');
    for (let n = 0; n < 90; n += 1) {
      assert.ok('change' in poll.suggest(`b${Math.floor(n / 10)}`, `b${n}`));
    }
    assert.equal(errorCodeOf(poll.suggest('c', 'more')), 'poll-full');
    poll.close();
  });

  test('is upvoted by others, once by each user', () => {
    const poll = openPoll(QUESTIONS);
    poll.suggest('a', 'Why?');
    poll.suggest('a', 'When?');
    poll.choose('b', 1);
    poll.choose('b', 1);
    poll.choose('c', 1);
    assert.deepEqual(poll.count().counts, [1, 3]);
    poll.choose('b', 1, false);
    assert.deepEqual(poll.count().counts, [1, 2]);
    assert.equal(errorCodeOf(poll.choose('b', 2)), 'no-such-option');
    poll.close();
  });

  test('is marked as answered, reopened or removed by the author of the poll, without remains', () => {
    const poll = openPoll(QUESTIONS);
    poll.suggest('a', 'Why?');
    poll.suggest('b', 'Rude!');
    assert.equal(errorCodeOf(poll.moderate(0, 'answered', 'b')), 'not-moderator');
    poll.moderate(0, 'answered');
    assert.deepEqual(poll.count().states, ['answered', 'open']);
    poll.moderate(0, 'open');
    poll.moderate(1, 'removed');
    const { options, states, counts } = poll.count();
    assert.deepEqual(
      [options, states, counts],
      [
        ['Why?', ''],
        ['open', 'removed'],
        [1, 0],
      ],
    );
    assert.equal(errorCodeOf(poll.choose('c', 1)), 'no-such-option');
    assert.equal(errorCodeOf(poll.suggest('c', 'rude!')), 'no-such-option');
    assert.equal(errorCodeOf(poll.moderate(1, 'open')), 'no-such-option');
    assert.equal(errorCodeOf(poll.moderate(7, 'open')), 'no-such-option');
    poll.change('reset');
    assert.deepEqual(poll.count().options, []);
    poll.close();
  });

  test('waits for approval where the poll needs it, and until then nobody else sees or finds it', () => {
    const moderator = who('creator', { isModerator: true });
    const poll = openPoll({ ...QUESTIONS, isAnonymous: false, needsApproval: true }, moderator);
    const suggested = poll.suggest('a', 'Why?');
    assert.ok('change' in suggested);
    assert.deepEqual(suggested.change.vote?.texts, ['Why?'], 'its author sees it');
    const hidden = poll.count();
    assert.deepEqual([hidden.options, hidden.states, hidden.counts], [[''], ['held'], [0]]);
    assert.doesNotMatch(JSON.stringify(hidden), /Why|"a"/);
    assert.deepEqual(poll.held(), [[0, 'Why?']]);
    // It can't be found by its number; suggested again, it is the same.
    assert.equal(errorCodeOf(poll.choose('b', 0)), 'no-such-option');
    const again = poll.suggest('b', 'WHY?');
    assert.deepEqual('change' in again && again.change.vote?.texts, ['WHY?']);
    poll.suggest('b', 'Rude!');
    assert.equal(errorCodeOf(poll.moderate(0, 'open', 'b')), 'not-moderator');
    poll.moderate(0, 'open');
    poll.moderate(1, 'removed');
    const { options, states, counts } = poll.count();
    assert.deepEqual(
      [options, states, counts],
      [
        ['Why?', ''],
        ['open', 'removed'],
        [2, 0],
      ],
    );
    assert.deepEqual(poll.held(), []);
    assert.ok('change' in poll.choose('c', 0));
    // Those of users who could approve them are shown at once.
    poll.suggest('creator', 'Hello');
    assert.equal(poll.count().states[2], 'open');
    poll.close();
  });

  test('is deleted with the poll, and with the history', () => {
    const moderator = who('moderator', { isModerator: true });
    const room = ROOM;
    for (const clear of [
      (id: number) => ({ kind: 'message-deleted' as const, room, who: moderator, id, at: 1 }),
      () => roomAction({ type: 'history-cleared' }, moderator),
    ]) {
      const poll = openPoll(QUESTIONS);
      poll.suggest('a', 'Why?');
      poll.appendOne(clear(poll.id));
      const left = ['suggestions', 'submissions', 'votes', 'vote_history'];
      assert.deepEqual(left.map(poll.rows), [0, 0, 0, 0]);
      poll.close();
    }
  });

  test('names its authors only where voters are shown', () => {
    for (const isAnonymous of [true, false]) {
      const poll = openPoll({ ...QUESTIONS, isAnonymous });
      poll.suggest('a', 'Why?');
      const authors = isAnonymous ? [] : [{ uid: 'a', name: null }];
      assert.deepEqual(poll.count().authors, authors);
      poll.close();
    }
  });
});

suite('A rating', () => {
  test('has a mean and a standard deviation', () => {
    assert.equal(ratingOf([0, 0, 0, 0, 0]), undefined);
    assert.deepEqual(ratingOf([0, 0, 0, 0, 3]), { mean: 5, spread: 0 });
    assert.deepEqual(ratingOf([1, 0, 0, 0, 1]), { mean: 3, spread: 2 });
    assert.deepEqual(ratingOf([0, 0, 1, 2, 0]), { mean: 3.67, spread: 0.47 });
  });
});

suite('A poll whose answers are hidden', () => {
  for (const resultsVisibility of ['after-vote', 'after-close'] as const) {
    test(`responds to a choice by number alike, whether there is such an option or not: ${resultsVisibility}`, () => {
      const poll = openPoll({ ...WORDS, resultsVisibility: resultsVisibility });
      poll.suggest('a', 'Sun');
      poll.suggest('b', 'Rain');
      for (const option of [0, 1, 2, 99]) {
        for (const on of [true, false]) {
          assert.deepEqual(poll.choose('c', option, on), {
            refused: 'results-hidden',
            details: {},
          });
        }
        assert.equal(errorCodeOf(poll.vote('c', [option])), 'results-hidden');
        assert.equal(errorCodeOf(poll.moderate(option, 'removed')), 'results-hidden');
      }
      assert.deepEqual(poll.count().counts, [1, 1]);
      poll.close();
    });
  }

  test('responds to a suggestion alike, whether or not another user made it before', () => {
    const outcomes = [[], ['Sun'], ['Fog', 'SUN'], ['Fog', 'sun', 'Dew']].map((there) => {
      const poll = openPoll({ ...WORDS, resultsVisibility: 'after-close', maxChoices: 20 });
      for (const text of there) poll.suggest('other', text);
      // The `seq` depends on what happened before. Voters do not receive it.
      const withoutSeq = (outcome: object) =>
        'change' in outcome
          ? { ...outcome, change: { ...(outcome.change as object), seq: 0 } }
          : outcome;
      const results: unknown[] = [];
      const record = (outcome: object) => results.push(withoutSeq(outcome), poll.votesOf('me'));
      record(poll.suggest('me', 'Wind'));
      record(poll.suggest('me', 'sun'));
      record(poll.suggest('me', 'sun'));
      record(poll.suggest('me', 'sun', false));
      record(poll.suggest('me', 'Dew', false));
      for (let n = 0; n < 8; n += 1) record(poll.suggest('me', `word ${n}`));
      record(poll.suggest('me', 'sun'));
      record(poll.suggest('me', 'fog'));
      record(poll.suggest('me', 'Dew'));
      poll.close();
      return results;
    });
    for (const outcome of outcomes.slice(1)) assert.deepEqual(outcome, outcomes[0]);
    const [first] = outcomes;
    assert.deepEqual(first?.[3], [{ poll: 1, keys: ['me'], options: [], texts: ['Wind', 'sun'] }]);
    assert.deepEqual(first?.slice(-2), [
      { refused: 'too-many-suggestions', details: { max: 10 } },
      first?.at(-3),
    ]);
  });

  test('is full for users who suggest an existing option as for users who suggest a new one', () => {
    const poll = openPoll({ ...WORDS, resultsVisibility: 'after-close', maxChoices: 20 });
    for (let n = 0; n < 100; n += 1) poll.suggest(`of ${n % 10}`, `word ${n}`);
    for (const text of ['word 1', 'new']) {
      assert.deepEqual(poll.suggest('me', text), { refused: 'poll-full', details: { max: 100 } });
    }
    poll.change('revealed');
    assert.ok('change' in poll.suggest('me', 'word 1'), 'an option that is visible can be chosen');
    poll.close();
  });

  test('shows what a user chose by number as soon as they may see the options', () => {
    const poll = openPoll({ ...WORDS, resultsVisibility: 'after-vote' });
    poll.suggest('a', 'Rain');
    const outcome = poll.suggest('b', 'sun');
    const vote = { poll: poll.id, keys: ['b'], options: [1], texts: ['sun'] };
    assert.deepEqual('change' in outcome && outcome.change.vote, vote);
    assert.ok('change' in poll.choose('b', 0));
    assert.deepEqual(poll.votesOf('b'), [{ ...vote, options: [0, 1], texts: ['Rain', 'sun'] }]);
    poll.vote('b', []);
    assert.equal(
      errorCodeOf(poll.choose('b', 0)),
      'results-hidden',
      'without a vote they see nothing again',
    );
    poll.close();
  });
});
