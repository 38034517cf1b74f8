import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { SignedIn } from '../../../server/auth/session-events.ts';
import type { Actor } from '../../../server/core/actor.ts';
import { appender } from '../../../server/features/appender.ts';
import type { ChatOutcome } from '../../../server/features/change.ts';
import type { Event } from '../../../server/features/events.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { edited, posted, roomAction, who } from '../../support/events.ts';
import { errorCodeOf, openBallot, openPoll, ROOM } from '../../support/poll.ts';

const ADA = who('ada', { name: 'Ada' });

/** The guest `guest` signs in as the user `uid`. */
function signedIn(guest: string | null, uid = 'ada', name = uid): SignedIn {
  const account = { uid, name, nameSkeleton: name, passwordHash: null, verifiedHash: null };
  return { kind: 'signed-in', ...account, guest, session: `${uid} by ${guest}`, at: 5 };
}

function changeOf(outcome: ChatOutcome | undefined) {
  assert.ok(outcome && 'change' in outcome, JSON.stringify(outcome));
  return outcome.change;
}

/** A poll, votes in it, and users who sign in. */
function openSharedBallot(t: TestContext, spec: Parameters<typeof openBallot>[1] = {}) {
  const poll = openBallot(t, spec);
  const signIn = (...by: Parameters<typeof signedIn>) => changeOf(poll.appendOne(signedIn(...by)));
  return { ...poll, signIn };
}

suite('The vote of a guest who signs in', () => {
  test('is the user’s, from any of their browsers, and is counted once', (t) => {
    const { vote, results, signIn, votesOf, id } = openSharedBallot(t);
    vote(who('guest', { browser: 'laptop' }), 0);
    const { inRooms, carriedGuest } = signIn('guest');
    assert.equal(carriedGuest, 'guest');
    assert.deepEqual(
      inRooms?.map(({ room, vote }) => [room, vote]),
      [[ROOM, { poll: id, options: [0], keys: ['ada', 'guest'] }]],
      'the user’s connections are sent it',
    );
    assert.deepEqual(results(), { counts: [1, 0, 0], voters: 1 });
    assert.deepEqual(
      votesOf('ada').map(({ options }) => options),
      [[0]],
    );
    vote({ ...ADA, browser: 'phone' }, 1);
    assert.deepEqual(results(), { counts: [0, 1, 0], voters: 1 });
  });

  test('is removed where the user has voted, too: the user’s counts', (t) => {
    const { vote, results, signIn, rows, id } = openSharedBallot(t);
    vote({ ...ADA, browser: 'phone' }, 1, 2);
    vote(who('guest', { browser: 'laptop' }), 0, 1);
    assert.deepEqual(results(), { counts: [1, 2, 1], voters: 2 });
    const { inRooms } = signIn('guest');
    assert.deepEqual(inRooms?.[0]?.vote?.options, [1, 2]);
    assert.equal(rows('uncounted'), 1, 'the poll is counted again');
    assert.deepEqual(results(), { counts: [0, 1, 1], voters: 1 });
    vote(who('another tab', { browser: 'laptop' }), 0);
    assert.deepEqual(results(), { counts: [1, 0, 0], voters: 1 }, `one vote in poll ${id}`);
  });

  test('stays another person’s where a tab beside theirs voted first', (t) => {
    const { vote, results, signIn } = openSharedBallot(t);
    vote(who('tab 1', { browser: 'laptop' }), 0);
    vote(who('tab 2', { browser: 'laptop' }), 1);
    vote({ ...ADA, browser: 'phone' }, 2);
    signIn('tab 2');
    assert.deepEqual(results(), { counts: [0, 1, 1], voters: 2 });
  });

  test('is merged though votes are final, or the poll is closed', (t) => {
    const { vote, results, signIn, change } = openSharedBallot(t, { canChangeVote: false });
    vote(ADA, 1);
    vote(who('guest'), 0);
    change('closed');
    signIn('guest');
    assert.deepEqual(results(), { counts: [0, 1, 0], voters: 1 });
    change('reopened');
    assert.equal(errorCodeOf(vote(ADA, 0)), 'vote-is-final');
  });

  test('is added to the user’s where every click counts', (t) => {
    const { vote, results, signIn } = openSharedBallot(t, { kind: 'applause', maxChoices: 1 });
    for (let n = 0; n < 3; n += 1) vote(who('guest'), 0);
    vote(ADA, 0);
    vote(ADA, 1);
    signIn('guest');
    assert.deepEqual(results(), { counts: [4, 1, 0], voters: 1 });
    vote(ADA, 0);
    assert.deepEqual(results(), { counts: [5, 1, 0], voters: 1 });
  });

  test('adds no answers to the ten that a user may have', (t) => {
    const { suggest, signIn } = openSharedBallot(t, {
      kind: 'word-cloud',
      options: [],
      maxChoices: 100,
    });
    for (let n = 0; n < 5; n += 1) suggest(ADA, `word ${n}`);
    for (let n = 5; n < 10; n += 1) suggest(who('guest'), `word ${n}`);
    signIn('guest');
    assert.equal(errorCodeOf(suggest(ADA, 'one more')), 'too-many-suggestions');
  });

  test('stays without a name in an anonymous poll, and shown as the guest’s in another', (t) => {
    const anonymous = openSharedBallot(t);
    anonymous.vote(who('guest'), 0);
    anonymous.signIn('guest');
    assert.ok(!JSON.stringify(anonymous.dump('votes', 'suggestions', 'messages')).includes('ada'));
    const named = openSharedBallot(t, { isAnonymous: false });
    named.vote(who('guest'), 0);
    named.signIn('guest');
    assert.deepEqual(named.count().names[0], [{ uid: 'guest', name: null }]);
    named.vote(ADA, 1);
    assert.deepEqual(named.count().names[1], [{ uid: 'guest', name: 'Ada' }]);
  });
});

/** A room in a store of its own. */
function openRoom(t: TestContext) {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const append = appender(db);
  const one = (event: Event) => {
    const [outcome] = append([event]);
    assert.ok(outcome);
    return outcome;
  };
  const react = (id: number, by: Actor, emoji = '👍', enabled: boolean | null = null) =>
    one({ kind: 'reaction-toggled', room: 'class', who: by, id, emoji, enabled, at: 2 });
  const reactions = (id: number) => {
    const text = queries(db).message('class', id)?.reactions ?? '[]';
    return (JSON.parse(text) as { emoji: string; count: number }[]).map(
      ({ emoji, count }) => `${emoji}${count}`,
    );
  };
  return { db, append, one, react, reactions };
}

suite('A guest who signs in', () => {
  test('edits and deletes as the user what they wrote, and nobody else does', (t) => {
    const { one } = openRoom(t);
    const { seq: id } = changeOf(one(posted('hello', null, who('guest'))));
    assert.equal(errorCodeOf(one(edited(id, 'hi', ADA))), 'not-author');
    one(signedIn('guest'));
    const { message } = changeOf(one(edited(id, 'hi', ADA)));
    assert.deepEqual([message?.body, message?.uid, message?.name], ['hi', 'guest', null]);
    assert.equal(errorCodeOf(one(edited(id, 'ho', who('bob')))), 'not-author');
    assert.equal(errorCodeOf(one(edited(id, 'ho', who('guest')))), 'not-author');
    const remove = { kind: 'message-deleted', room: 'class', id, at: 0 } as const;
    assert.equal(errorCodeOf(one({ ...remove, who: who('bob') })), 'not-moderator');
    assert.equal(changeOf(one({ ...remove, who: ADA })).message?.kind, 'deleted');
  });

  test('takes a reaction back that they gave as a guest', (t) => {
    const { one, react, reactions } = openRoom(t);
    const { seq: id } = changeOf(one(posted('hello')));
    react(id, who('guest'));
    react(id, who('bob'));
    one(signedIn('guest'));
    assert.deepEqual(reactions(id), ['👍2']);
    assert.equal('isNew' in react(id, ADA, '👍', true), true);
    assert.deepEqual(reactions(id), ['👍2'], 'they have reacted');
    react(id, ADA);
    assert.deepEqual(reactions(id), ['👍1']);
  });

  test('has one reaction where both reacted alike, in all rooms, in the order of the messages', (t) => {
    const { one, react, reactions } = openRoom(t);
    const ids = ['a', 'b', 'c'].map((text) => changeOf(one(posted(text))).seq);
    const [a = 0, b = 0, c = 0] = ids;
    for (const id of [c, a]) for (const by of [ADA, who('guest')]) react(id, by);
    react(b, who('guest'), '🎉');
    const { seq, inRooms } = changeOf(one(signedIn('guest')));
    assert.deepEqual(ids.map(reactions), [['👍1'], ['🎉1'], ['👍1']]);
    const [change, ...more] = inRooms ?? [];
    assert.equal(more.length, 0);
    assert.deepEqual(
      [change?.message, ...(change?.others ?? [])].map((message) => [message?.id, message?.seq]),
      [
        [a, seq],
        [c, seq],
      ],
    );
  });

  test('manages as the user the polls and the rooms they had', (t) => {
    const poll = openSharedBallot(t);
    poll.signIn('creator');
    assert.equal(errorCodeOf(poll.change('closed', 'bob')), 'not-moderator');
    assert.equal(errorCodeOf(poll.change('closed', 'ada')), undefined);
    const { append, one } = openRoom(t);
    const make = {
      type: 'room-created',
      title: 'Room',
      topic: '',
      isListed: true,
      passwordHash: null,
    } as const;
    one(roomAction(make, who('bob')));
    const give = { type: 'ownership-transferred', whom: { uid: 'guest', name: null } } as const;
    const [, outcome] = append([roomAction(give, who('bob')), signedIn('guest')]);
    assert.deepEqual(
      changeOf(outcome).inRooms?.map(({ room, settings }) => [room, settings?.owner]),
      [['class', 'ada']],
    );
    assert.equal(
      errorCodeOf(one(roomAction({ type: 'topic-changed', text: 'x' }, ADA))),
      undefined,
    );
  });

  test('attaches as the user what they uploaded', (t) => {
    const { one } = openRoom(t);
    const file = { id: 'f'.repeat(32), name: 'a.txt', size: 1, picture: null };
    one({ kind: 'file-uploaded', room: 'class', who: who('guest'), file, at: 0 });
    const post = (by: Actor) => one({ ...posted('see', null, by), files: [file.id] });
    assert.equal(errorCodeOf(post(ADA)), 'no-such-file');
    one(signedIn('guest'));
    assert.equal(errorCodeOf(post(who('bob'))), 'no-such-file');
    assert.equal(changeOf(post(ADA)).message?.body, 'see');
  });

  test('becomes a user once: a user who signs in with the same token gets nothing of it', (t) => {
    const { db, one } = openRoom(t);
    const { seq: id } = changeOf(one(posted('hello', null, who('guest'))));
    one(signedIn('guest'));
    assert.equal(changeOf(one(signedIn('guest', 'bob'))).inRooms, undefined);
    assert.equal(errorCodeOf(one(edited(id, 'hi', who('bob')))), 'not-author');
    one({ kind: 'signed-out', session: 'ada by guest', at: 6 });
    assert.equal(queries(db).hasSignedIn('guest'), false, 'the name is released, and its guests');
  });

  test('is remembered for a user up to fifty guests', (t) => {
    const { db, one } = openRoom(t);
    const kept = { passwordHash: 'hash', verifiedHash: 'hash' };
    for (let n = 0; n < 60; n += 1)
      one({ ...signedIn(`guest ${n}`), ...kept, session: `session ${n}` });
    assert.equal(db.prepare('SELECT * FROM former_guests').all().length, 50);
    assert.equal(queries(db).session('session 59')?.formerGuests.at(-1), 'guest 59');
  });
});

suite('Carrying guests over', () => {
  const uids = ['g1', 'g2', 'g3', 'ada', 'bob'];
  const by = fc.record({
    uid: fc.constantFrom(...uids),
    browser: fc.constantFrom('x', 'y', null),
  });
  const step = fc.oneof(
    fc.record({ what: fc.constant('vote' as const), by, n: fc.nat(2) }),
    fc.record({ what: fc.constant('react' as const), by, n: fc.nat(1) }),
    fc.record({
      what: fc.constant('sign in' as const),
      guest: fc.constantFrom('g1', 'g2', 'g3'),
      as: fc.constantFrom('ada', 'bob'),
    }),
  );
  const events = (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) =>
    steps.map((one, n): Event => {
      if (one.what === 'sign in') {
        const kept = { passwordHash: 'hash', verifiedHash: 'hash', session: `session ${n}` };
        return { ...signedIn(one.guest, one.as), ...kept };
      }
      const event = { room: ROOM, who: who(one.by.uid, { browser: one.by.browser }), id: 1, at: n };
      if (one.what === 'vote') return { kind: 'votes-set', options: [one.n], ...event };
      return {
        kind: 'reaction-toggled',
        emoji: ['👍', '🎉'][one.n] ?? '',
        enabled: true,
        ...event,
      };
    });
  const TABLES = ['messages', 'votes', 'voters', 'tallies', 'reactions', 'former_guests', 'names'];

  test('has the same result however the events fall into commits, and counts nobody twice', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.nat(24), (steps, cut) => {
        const [single, grouped] = [openPoll(), openPoll()];
        const all = events(steps);
        for (const event of all) single.appendOne(event);
        grouped.append(all.slice(0, cut));
        grouped.append(all.slice(cut));
        for (const poll of [single, grouped]) poll.count();
        assert.deepEqual(single.dump(...TABLES), grouped.dump(...TABLES));
        const { counts, voters } = single.count();
        const votes = single.dump('votes');
        assert.equal(voters, new Set(votes.map(({ uid }) => uid)).size);
        assert.deepEqual(
          counts,
          [0, 1, 2].map((option) => votes.filter((vote) => vote.option === option).length),
        );
        single.close();
        grouped.close();
      }),
      { numRuns: 60 },
    );
  });
});
