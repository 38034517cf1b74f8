import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { nameSkeleton } from '../../../server/auth/name-skeleton.ts';
import type { SignedIn } from '../../../server/auth/session-events.ts';
import { appender } from '../../../server/features/appender.ts';
import type { Event } from '../../../server/features/events.ts';
import type { MembershipChange } from '../../../server/features/memberships/membership.ts';
import { mentionedTexts } from '../../../server/features/memberships/mentioned-texts.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { edited, posted, roomAction, who } from '../../support/events.ts';

const ROOM = 'class';

function signedIn(name: string): SignedIn {
  const account = {
    name,
    nameSkeleton: nameSkeleton(name),
    passwordHash: null,
    verifiedHash: null,
  };
  const uid = name.toLowerCase();
  return { kind: 'signed-in', ...account, uid, guest: null, session: `session of ${uid}`, at: 0 };
}

/** A database in which Ada, Bob and a user with a Chinese name are signed in. */
function openStore(t: TestContext) {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const append = appender(db);
  append([signedIn('Ada'), signedIn('Bob'), signedIn('小明')]);
  const change = (...changes: (Partial<MembershipChange> & { uid: string })[]) => {
    const nothing = { room: ROOM, readId: null, notifications: null };
    const all = changes.map((one) => ({ ...nothing, ...one }));
    return append([{ kind: 'memberships-changed', changes: all, at: 0 }])[0];
  };
  const post = (...events: readonly Event[]) => append(events);
  const { memberRooms, membership } = queries(db);
  const inRoom = (uid: string) => {
    const [room] = memberRooms(uid, 30, 100);
    return room && [room.unread, room.mentions];
  };
  const count = (table: string) =>
    Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  return { db, append, change, post, memberRooms, membership, inRoom, count };
}

suite('The read position of a user', () => {
  test('goes with its room, and with no other', (t) => {
    const { change, post, membership } = openStore(t);
    post(
      roomAction(
        { type: 'room-created', title: 'Class', topic: '', isListed: true, passwordHash: null },
        who('owner', { name: 'Ann' }),
      ),
    );
    change(
      { uid: 'ada', readId: 1 },
      { uid: 'bob', readId: 1 },
      { uid: 'ada', room: 'b', readId: 1 },
    );
    post(roomAction({ type: 'room-deleted' }, who('owner', { name: 'Ann' })));
    assert.deepEqual(
      [membership('ada', ROOM), membership('bob', ROOM), membership('ada', 'b')?.readId],
      [undefined, undefined, 1],
    );
  });

  test('goes forward only, and not beyond what was posted', (t) => {
    const { change, post, membership, inRoom } = openStore(t);
    post(posted('one'), posted('two'), posted('three'));
    change({ uid: 'ada', readId: 5 });
    assert.deepEqual(membership('ada', ROOM), { readId: 5, notifications: null });
    assert.deepEqual(inRoom('ada'), [1, 0]);
    change({ uid: 'ada', readId: 4 });
    assert.equal(membership('ada', ROOM)?.readId, 5);
    change({ uid: 'ada', readId: Number.MAX_SAFE_INTEGER });
    assert.equal(membership('ada', ROOM)?.readId, 9, 'the event that marks it');
    post(posted('four'));
    assert.deepEqual(inRoom('ada'), [1, 0], 'what comes later is unread');
  });

  test('is told to the user’s connections, and of no other user', (t) => {
    const { change } = openStore(t);
    const outcome = change({ uid: 'ada', readId: 1 }, { uid: 'bob', readId: 2 });
    assert.ok(outcome && 'change' in outcome);
    assert.deepEqual(
      outcome.change.inRooms?.map(({ room, membership }) => [room, membership]),
      [
        [ROOM, { uid: 'ada', readId: 1, notifications: null }],
        [ROOM, { uid: 'bob', readId: 2, notifications: null }],
      ],
    );
  });

  test('is not stored for a guest, and goes with the name of a user who signs out', (t) => {
    const { append, change, post, count } = openStore(t);
    change({ uid: 'guest', readId: 1 });
    assert.equal(count('memberships'), 0);
    change({ uid: 'ada', readId: 1 });
    post(posted('hello @Ada'));
    assert.deepEqual([count('memberships'), count('mentions')], [1, 1]);
    append([{ kind: 'signed-out', session: 'session of ada', at: 1 }]);
    assert.deepEqual([count('memberships'), count('mentions')], [0, 0]);
  });

  test('is stored for 200 rooms: the one that was read first is forgotten', (t) => {
    const { change, membership, memberRooms } = openStore(t);
    for (let n = 0; n < 205; n += 1) change({ uid: 'ada', room: `r${n}`, readId: 1 });
    change({ uid: 'ada', room: 'r5', readId: 2 });
    change({ uid: 'ada', room: 'another', readId: 1 });
    assert.equal(memberRooms('ada', 1_000, 1).length, 200);
    assert.equal(membership('ada', 'r4'), undefined);
    assert.equal(membership('ada', 'r6'), undefined, 'room r5 was read since');
    assert.ok(membership('ada', 'r5'));
    assert.deepEqual(
      memberRooms('ada', 2, 1).map(({ room }) => room),
      ['another', 'r5'],
    );
  });

  test('and what the user is notified of are stored apart', (t) => {
    const { change, membership } = openStore(t);
    change({ uid: 'ada', notifications: 'all' });
    assert.deepEqual(membership('ada', ROOM), { readId: 0, notifications: 'all' });
    change({ uid: 'ada', readId: 3 });
    change({ uid: 'ada', notifications: 'none' });
    assert.deepEqual(membership('ada', ROOM), { readId: 3, notifications: 'none' });
  });
});

suite('A mention', () => {
  test('counts for a user who is in the room, until they have read it', (t) => {
    const { change, post, inRoom } = openStore(t);
    post(posted('@Ada is not here yet'));
    change({ uid: 'ada', readId: 4 });
    post(posted('hello @ADA'), posted('hello all'), posted('@"ada" and @Ada again, @Bob'));
    assert.deepEqual(inRoom('ada'), [3, 2]);
    change({ uid: 'ada', readId: 6 });
    assert.deepEqual(inRoom('ada'), [2, 1]);
    change({ uid: 'ada', readId: 8 });
    assert.deepEqual(inRoom('ada'), [0, 0]);
  });

  test('of the user by themselves does not count', (t) => {
    const { change, post, inRoom } = openStore(t);
    change({ uid: 'ada', readId: 1 });
    post(posted('I am @Ada', null, who('ada')));
    assert.deepEqual(inRoom('ada'), [0, 0]);
  });

  test('ends at the name where the script has no spaces', (t) => {
    const { change, post, inRoom } = openStore(t);
    change({ uid: '小明', readId: 1 });
    post(posted('请@小明看一下'), posted('@小明明'), posted('＠小明，好'));
    assert.deepEqual(inRoom('小明'), [3, 3]);
  });

  test('follows edits, deletion and a cleared history', (t) => {
    const { change, post, inRoom, count } = openStore(t);
    change({ uid: 'ada', readId: 4 }, { uid: 'bob', readId: 4 });
    const [first] = post(posted('hello @Ada'), posted('hello @Ada'));
    assert.ok(first && 'change' in first);
    const { seq: id } = first.change;
    post(edited(id, 'hello @Bob'));
    assert.deepEqual(
      [inRoom('ada'), inRoom('bob')],
      [
        [2, 1],
        [2, 1],
      ],
    );
    post({ kind: 'message-deleted', id, room: ROOM, who: who('me'), at: 0 });
    assert.deepEqual(
      [inRoom('ada'), inRoom('bob')],
      [
        [1, 1],
        [1, 0],
      ],
    );
    post(roomAction({ type: 'history-cleared' }, who('me', { isModerator: true })));
    assert.deepEqual(inRoom('ada'), [0, 0]);
    assert.equal(count('mentions'), 0);
  });

  test('in quotes, in code and in an address is none', () => {
    const texts = (body: string) => mentionedTexts(body).map(({ text }) => text);
    assert.deepEqual(texts('> @Ada wrote\n\n@Bob yes'), ['Bob yes']);
    assert.deepEqual(texts('`@Ada` and\n```\n@Ada\n```\n@Bob'), ['Bob']);
    assert.deepEqual(texts('ada@example.org, a.@b, @Bob/@Cy'), ['Bob/@Cy']);
    assert.deepEqual(texts('@"Ada Lovelace" @'), ['Ada Lovelace']);
    assert.equal(texts('@a '.repeat(1_000)).length, 10);
  });
});
