import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Actor } from '../../../server/core/actor.ts';
import { appender } from '../../../server/features/appender.ts';
import type { ChatOutcome } from '../../../server/features/change.ts';
import { queries } from '../../../server/features/queries.ts';
import type { RoomAction } from '../../../server/features/room-actions.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { errorCodeOf, openBallot, openPoll, ROOM } from '../../support/poll.ts';

const inBrowser = (uid: string, browser: string | null, more: Partial<Actor> = {}) =>
  who(uid, { browser, ...more });

suite('One browser', () => {
  test('has one vote, whichever of its tabs votes last', (t) => {
    const { vote, results } = openBallot(t);
    vote(inBrowser('tab 1', 'firefox'), 0);
    vote(inBrowser('tab 2', 'firefox'), 1);
    assert.deepEqual(results(), { counts: [0, 1, 0], voters: 1 });
    vote(inBrowser('tab 3', 'chrome'), 1);
    vote(inBrowser('program', null), 1);
    assert.deepEqual(results(), { counts: [0, 3, 0], voters: 3 });
    vote(inBrowser('tab 1', 'firefox'));
    assert.deepEqual(results(), { counts: [0, 2, 0], voters: 2 });
  });

  test('has one vote under all names that are used in it, and an account one vote in all browsers', (t) => {
    const { vote, results } = openBallot(t);
    vote(inBrowser('guest', 'firefox'), 0);
    vote(inBrowser('ann', 'firefox', { name: 'Ann' }), 1);
    vote(inBrowser('bob', 'firefox', { name: 'Bob' }), 2);
    assert.deepEqual(results(), { counts: [0, 0, 1], voters: 1 });
    vote(inBrowser('ann', 'phone', { name: 'Ann' }), 0);
    vote(inBrowser('guest on the phone', 'phone'), 1);
    assert.deepEqual(results(), { counts: [0, 1, 0], voters: 1 });
  });

  test('cannot change a vote by another tab where votes are final', (t) => {
    const { vote, results } = openBallot(t, { canChangeVote: false });
    vote(inBrowser('tab 1', 'firefox'), 0);
    assert.equal(errorCodeOf(vote(inBrowser('tab 2', 'firefox'), 1)), 'vote-is-final');
    assert.deepEqual(results(), { counts: [1, 0, 0], voters: 1 });
  });

  test('can suggest no more answers by opening more tabs', (t) => {
    const { suggest } = openBallot(t, { kind: 'word-cloud', options: [], maxChoices: 100 });
    for (let n = 0; n < 10; n += 1) suggest(inBrowser(`tab ${n}`, 'firefox'), `word ${n}`);
    const more = suggest(inBrowser('tab 11', 'firefox'), 'word 11');
    assert.equal(errorCodeOf(more), 'too-many-suggestions');
  });

  test('votes again when a poll was reset', (t) => {
    const poll = openBallot(t, { canChangeVote: false });
    poll.vote(inBrowser('tab 1', 'firefox'), 0);
    poll.change('reset');
    poll.vote(inBrowser('tab 2', 'firefox'), 1);
    assert.deepEqual(poll.results(), { counts: [0, 1, 0], voters: 1 });
    assert.deepEqual(
      poll.dump('voters').map(({ uid }) => uid),
      ['tab 2', 'tab 2'],
    );
  });

  test('never has more votes than there are browsers, nor more than there are tabs', () => {
    const ballot = fc.record({
      uid: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      browser: fc.constantFrom('x', 'y', 'z'),
      options: fc.subarray([0, 1, 2], { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(ballot, { maxLength: 30 }), (ballots) => {
        const poll = openPoll();
        for (const { uid, browser, options } of ballots) {
          const by = inBrowser(uid, browser);
          poll.appendOne({ kind: 'votes-set', room: ROOM, who: by, id: poll.id, options, at: 1 });
        }
        const { counts, voters } = poll.count();
        const browsers = new Set(ballots.map(({ browser }) => browser));
        assert.ok(voters <= browsers.size, `${voters} votes of ${browsers.size} browsers`);
        assert.ok(counts.every((count) => count >= 0 && count <= voters));
        poll.close();
      }),
      { numRuns: 150 },
    );
  });
});

/** A room that Ada owns. */
function openRoom(t: TestContext) {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  let append = appender(db);
  const resultOf = ([outcome]: readonly ChatOutcome[]) =>
    outcome && 'refused' in outcome ? outcome.refused : 'done';
  const moderate = (action: RoomAction) => resultOf(append([roomAction(action, who('ada'))]));
  const post = (by: Actor, at = 0) => resultOf(append([{ ...posted('hi', null, by), at }]));
  moderate({ type: 'room-created', title: 'Room', topic: '', isListed: true, passwordHash: null });
  return {
    db,
    moderate,
    post,
    sanctions: () => queries(db).settings('class')?.sanctions ?? [],
    restart() {
      append = appender(db);
    },
  };
}

const against = (uid: string, browsers: readonly string[] = []) =>
  ({ whom: { uid, name: null }, minutes: null, address: null, browsers }) as const;

for (const [kind, code] of [
  ['user-muted', 'muted'],
  ['user-banned', 'banned'],
] as const) {
  suite(`A user who is ${kind}`, () => {
    test('is restricted in every tab of their open browsers', (t) => {
      const { moderate, post } = openRoom(t);
      moderate({ type: kind, ...against('tab 1', ['firefox']) });
      assert.equal(post(inBrowser('tab 2', 'firefox')), code);
      assert.equal(post(inBrowser('signed in', 'firefox', { name: 'Ann' })), code);
      assert.equal(post(inBrowser('tab 3', 'chrome')), 'done');
      assert.equal(post(inBrowser('program', null)), 'done');
    });

    test('is restricted in the browser in which they wrote and left, also after a restart', (t) => {
      const { moderate, post, restart } = openRoom(t);
      assert.equal(post(inBrowser('tab 1', 'firefox')), 'done');
      restart();
      moderate({ type: kind, ...against('tab 1') });
      assert.equal(post(inBrowser('tab 2', 'firefox')), code);
    });

    test('is not restricted in any tab after the restrictions on one tab were lifted', (t) => {
      const { moderate, post, sanctions } = openRoom(t);
      moderate({ type: kind, ...against('tab 1', ['firefox']) });
      moderate({
        type: 'restrictions-lifted',
        whom: { uid: 'tab 2', name: null },
        browsers: ['firefox'],
      });
      assert.deepEqual(sanctions(), []);
      assert.equal(post(inBrowser('tab 1', 'firefox')), 'done');
    });

    test('does not restrict moderators in the same browser', (t) => {
      const { moderate, post } = openRoom(t);
      moderate({ type: kind, ...against('tab 1', ['firefox']) });
      assert.equal(post(inBrowser('ada', 'firefox')), 'done');
      assert.equal(post(inBrowser('mo', 'firefox', { isModerator: true })), 'done');
    });
  });
}

suite('The browsers with which users wrote', () => {
  test('are not in the system message about a ban or its end', (t) => {
    const { db, moderate } = openRoom(t);
    moderate({ type: 'user-banned', ...against('tab 1', ['firefox']) });
    moderate({
      type: 'restrictions-lifted',
      whom: { uid: 'tab 1', name: null },
      browsers: ['firefox'],
    });
    const bodies = queries(db)
      .latest('class', 10)
      .messages.map(({ body }) => body);
    assert.ok(bodies.length === 3 && bodies.every((body) => !body.includes('firefox')));
  });

  test('are deleted when the history is cleared', (t) => {
    const { db, moderate, post } = openRoom(t);
    post(inBrowser('tab 1', 'firefox'));
    const rows = () => db.prepare('SELECT * FROM browsers').all().length;
    assert.equal(rows(), 1);
    moderate({ type: 'history-cleared' });
    assert.equal(rows(), 0);
    post(inBrowser('tab 1', 'firefox'));
    assert.equal(rows(), 1);
  });
});

suite('Slow mode', () => {
  test('applies to all tabs of a browser together', (t) => {
    const { moderate, post } = openRoom(t);
    moderate({ type: 'slow-mode-changed', seconds: 10 });
    assert.equal(post(inBrowser('tab 1', 'firefox'), 1), 'done');
    assert.equal(post(inBrowser('tab 2', 'firefox'), 2), 'slow-mode');
    assert.equal(post(inBrowser('tab 3', 'chrome'), 2), 'done');
    assert.equal(post(inBrowser('tab 2', 'firefox'), 10_001), 'done');
  });
});
