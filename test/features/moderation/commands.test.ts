import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { activeSanction } from '../../../server/auth/permissions.ts';
import {
  defaultSettings,
  type Sanction,
  type Settings,
} from '../../../server/auth/room-settings.ts';
import type { Actor } from '../../../server/core/actor.ts';
import { appender } from '../../../server/features/appender.ts';
import type { ChatOutcome } from '../../../server/features/change.ts';
import type { Event } from '../../../server/features/events.ts';
import { queries } from '../../../server/features/queries.ts';
import type { RoomAction } from '../../../server/features/room-actions.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { who } from '../../support/events.ts';
import { temporaryFolder } from '../../support/server.ts';

const ROOM = 'room';
const MINUTE_MS = 60_000;
const [ada, ben, cy] = [who('ada'), who('ben'), who('cy')];
const mo = who('mo', { isModerator: true });

/** A store, and what can be done with it. */
function openStore(file = ':memory:') {
  const db = openDatabase(file);
  let append = appender(db);
  const group = (events: readonly Event[]) => append(events);
  const appendOne = (event: Event) => {
    const [outcome] = group([event]);
    assert.ok(outcome);
    return resultOf(outcome);
  };
  return {
    db,
    group,
    moderate: (action: RoomAction, by = ada, at = 0) => appendOne(roomAction(action, by, at)),
    post: (body: string, by: Actor, at = 0, cid: string | null = null) =>
      appendOne(posted(body, by, at, cid)),
    settings: () => queries(db).settings(ROOM) ?? defaultSettings(ROOM),
    messages: () => queries(db).latest(ROOM, 1_000).messages,
    /** As after a restart of the server: only what is in the file is known. */
    restart() {
      append = appender(db);
    },
  };
}

function roomAction(action: RoomAction, by: Actor, at: number): Event {
  return { kind: 'room-action', room: ROOM, who: by, action, at };
}

function posted(body: string, by: Actor, at: number, cid: string | null = null): Event {
  return { kind: 'message-posted', room: ROOM, who: by, cid, body, reply: null, files: [], at };
}

/** Why an event does not count, or whether it is new. */
function resultOf(outcome: ChatOutcome): string {
  if ('refused' in outcome) return outcome.refused;
  return outcome.isNew ? 'new' : 'known';
}

const MADE: RoomAction = {
  type: 'room-created',
  title: 'Room',
  topic: 'Fish',
  isListed: true,
  passwordHash: null,
};

function against(
  type: 'user-muted' | 'user-banned',
  whom: Actor,
  minutes: number | null,
  address: string | null = null,
): RoomAction {
  return { type, whom: { uid: whom.uid, name: null }, minutes, address };
}

function openRoom(t: TestContext, file?: string) {
  const store = openStore(file);
  t.after(() => store.db.close());
  assert.equal(store.moderate(MADE), 'new');
  return store;
}

suite('Moderating a room', () => {
  for (const [type, kind, code] of [
    ['user-muted', 'mute', 'muted'],
    ['user-banned', 'ban', 'banned'],
  ] as const) {
    test(`${type} holds for the given time, and no longer`, (t) => {
      const store = openRoom(t);
      assert.equal(store.moderate(against(type, ben, 10), ada, 1_000), 'new');
      const end = 1_000 + 10 * MINUTE_MS;
      assert.equal(store.post('too early', ben, end - 1), code);
      assert.ok(activeSanction(store.settings(), ben, kind, end - 1));
      assert.equal(activeSanction(store.settings(), ben, kind, end), undefined);
      assert.equal(store.post('in time', ben, end), 'new');
    });

    test(`${type} permanently holds until the restrictions are lifted`, (t) => {
      const store = openRoom(t);
      store.moderate(against(type, ben, null));
      const later = Date.UTC(2100, 0);
      assert.equal(store.post('a', ben, later), code);
      store.moderate({ type: 'restrictions-lifted', whom: { uid: 'ben', name: null } }, ada, later);
      assert.equal(store.post('a', ben, later), 'new');
      assert.deepEqual(store.settings().sanctions, []);
    });

    test(`${type} with the address applies to all users at that address except moderators`, (t) => {
      const store = openRoom(t);
      const address = 'a school';
      store.moderate(against(type, ben, 10, address));
      assert.equal(store.post('a', { ...cy, address }, 1), code);
      assert.equal(store.post('a', cy, 1), 'new');
      assert.equal(store.post('a', { ...ada, address }, 1), 'new');
      assert.equal(store.post('a', { ...mo, address }, 1), 'new');
      assert.equal(store.post('a', { ...ben, address: 'at home' }, 1), code);
    });
  }

  test('confirms a retry of an earlier message, whatever was changed since', (t) => {
    const store = openRoom(t);
    assert.equal(store.post('a', ben, 0, 'cid'), 'new');
    store.moderate({ type: 'slow-mode-changed', seconds: 60 });
    store.moderate({ type: 'lock-changed', enabled: true });
    store.moderate(against('user-muted', ben, null));
    assert.equal(store.post('a', ben, 1, 'cid'), 'known');
    assert.equal(store.post('b', ben, 1, 'cid'), 'cid-reused');
    assert.equal(store.post('b', ben, 1, 'cid-2'), 'muted');
  });

  test('slow mode: a clock that is set back locks no user out for longer than the seconds', (t) => {
    const store = openRoom(t);
    const day = 24 * 60 * MINUTE_MS;
    store.moderate({ type: 'slow-mode-changed', seconds: 10 });
    assert.equal(store.post('a', ben, 2 * day), 'new');
    assert.equal(store.post('b', ben, day), 'new');
    assert.equal(store.post('c', ben, day + 9_999), 'slow-mode');
    assert.equal(store.post('c', ben, day + 10_000), 'new');
  });

  test('slow mode: accepts a user’s next message when the seconds are over', (t) => {
    const store = openRoom(t);
    store.moderate({ type: 'slow-mode-changed', seconds: 10 });
    const now = MINUTE_MS;
    assert.equal(store.post('a', ben, now), 'new');
    assert.deepEqual(store.group([posted('b', ben, now + 1_500)]), [
      { refused: 'slow-mode', details: { count: 9 } },
    ]);
    assert.equal(store.post('a', cy, now + 1_500), 'new');
    // Nothing of what was refused counts.
    assert.equal(store.post('b', ben, now + 10_000), 'new');
    assert.equal(store.post('c', ben, now + 10_000), 'slow-mode');
  });

  test('gives a room that two users create in one commit to the first', (t) => {
    const store = openStore();
    t.after(() => store.db.close());
    const outcomes = store.group([roomAction(MADE, ben, 0), roomAction(MADE, ada, 0)]);
    assert.deepEqual(outcomes.map(resultOf), ['new', 'room-exists']);
    assert.equal(store.settings().owner, 'ben');
  });

  test('gives the lobby and the rooms of /transports no owner', (t) => {
    const store = openStore();
    t.after(() => store.db.close());
    const outcomes = store.group(
      ['lobby', 'transports-1'].map((room) => ({ ...roomAction(MADE, ada, 0), room }) as Event),
    );
    assert.deepEqual(outcomes.map(resultOf), ['room-exists', 'room-exists']);
  });

  test('mutes and bans a user at once: neither ends the other, lifting restrictions ends both', (t) => {
    const store = openRoom(t);
    store.moderate(against('user-muted', ben, null));
    store.moderate(against('user-banned', ben, 10));
    const kinds = () => store.settings().sanctions.map(({ kind, until }) => [kind, until]);
    assert.deepEqual(kinds(), [
      ['mute', null],
      ['ban', 10 * MINUTE_MS],
    ]);
    assert.equal(store.post('after', ben, 11 * MINUTE_MS), 'muted');
    store.moderate({ type: 'restrictions-lifted', whom: { uid: 'ben', name: null } });
    assert.deepEqual(kinds(), []);
  });

  test('lifts the restrictions on a user who owns the room by now', (t) => {
    const store = openRoom(t);
    store.moderate(against('user-muted', ben, null));
    const whom = { uid: 'ben', name: 'Ben' };
    assert.equal(store.moderate({ type: 'ownership-transferred', whom }), 'new');
    assert.equal(store.moderate(against('user-muted', ben, 5), mo), 'target-is-owner');
    assert.equal(store.moderate({ type: 'restrictions-lifted', whom }, mo), 'new');
    assert.deepEqual(store.settings().sanctions, []);
  });

  test('bans the browsers that a user wrote with, but none from before the history was cleared', (t) => {
    const store = openRoom(t);
    const browsersOf = () => store.settings().sanctions.map(({ browsers }) => browsers);
    store.post('a', { ...ben, browser: 'laptop' });
    store.moderate(against('user-banned', ben, null));
    assert.deepEqual(browsersOf(), [['laptop']]);
    store.moderate({ type: 'restrictions-lifted', whom: { uid: 'ben', name: null } });
    store.moderate({ type: 'history-cleared' });
    store.moderate(against('user-banned', ben, null));
    assert.deepEqual(browsersOf(), [[]]);
  });

  test('restricts a thousand users, and others once these restrictions have expired', (t) => {
    const store = openRoom(t);
    const users = Array.from({ length: 1_000 }, (_, n) => who(`${n}`));
    const all = users.map((user) => roomAction(against('user-muted', user, 10), ada, 0));
    assert.ok(store.group(all).every((outcome) => resultOf(outcome) === 'new'));
    assert.equal(store.moderate(against('user-banned', ben, 10), ada, 1), 'too-many-restrictions');
    assert.equal(store.moderate(against('user-muted', who('7'), 20), ada, 1), 'new', 'one of them');
    assert.equal(store.moderate(against('user-banned', ben, 10), ada, 10 * MINUTE_MS), 'new');
    assert.deepEqual(
      store.settings().sanctions.map(({ uid }) => uid),
      ['7', 'ben'],
    );
  });

  test('changes nothing in a commit for which the disk has no space', (t) => {
    const store = openRoom(t, join(temporaryFolder(t), 'chat.sqlite'));
    const before = store.settings();
    const pages = Number(store.db.prepare('PRAGMA page_count').get()?.page_count);
    store.db.exec(`PRAGMA max_page_count = ${pages + 3}`);
    const many = Array.from({ length: 100 }, () => posted('x'.repeat(500), ada, 0));
    const locked = roomAction({ type: 'lock-changed', enabled: true }, ada, 0);
    assert.throws(() => store.group([locked, ...many]), /full/);
    store.db.exec('PRAGMA max_page_count = 100000');
    assert.deepEqual(store.settings(), before);
    assert.equal(store.post('not locked', ben), 'new');
  });
});

/** The model of a room, as simple as can be. */
class Model {
  settings: Settings = defaultSettings(ROOM);
  exists = false;
  readonly messages = new Map<number, { kind: string; body: string }>();
  readonly authors = new Map<number, string>();
  readonly spoken = new Map<string, number>();

  canModerate({ uid, isModerator }: Actor): boolean {
    return isModerator || uid === this.settings.owner;
  }

  standing(now: number): readonly Sanction[] {
    return this.settings.sanctions.filter(({ until }) => until === null || until > now);
  }

  #is(kind: Sanction['kind'], by: Actor, now: number): boolean {
    return this.standing(now).some(
      (sanction) =>
        sanction.kind === kind && (sanction.uid === by.uid || sanction.address === by.address),
    );
  }

  /** The expected result of an event that would get this `seq`. */
  apply(event: Event, seq: number): string {
    switch (event.kind) {
      case 'message-posted':
        return this.#post(event, seq);
      case 'message-deleted':
        return this.#remove(event);
      case 'room-action':
        return this.#moderate(event, seq);
      default:
        throw new Error(event.kind);
    }
  }

  #post({ who: by, at, body }: Extract<Event, { kind: 'message-posted' }>, seq: number): string {
    if (!this.canModerate(by)) {
      const { isLocked, requiresName, slowModeSeconds } = this.settings;
      if (this.#is('ban', by, at)) return 'banned';
      if (this.#is('mute', by, at)) return 'muted';
      if (requiresName && by.name === null) return 'name-required';
      if (isLocked) return 'locked';
      const last = this.spoken.get(by.uid) ?? Number.POSITIVE_INFINITY;
      if (slowModeSeconds > 0 && at >= last && at < last + slowModeSeconds * 1_000)
        return 'slow-mode';
      if (slowModeSeconds > 0) this.spoken.set(by.uid, at);
    }
    this.exists = true;
    this.messages.set(seq, { kind: 'message', body });
    this.authors.set(seq, by.uid);
    return 'new';
  }

  #remove({ who: by, id }: Extract<Event, { kind: 'message-deleted' }>): string {
    const message = this.messages.get(id);
    if (!message || message.kind === 'system') return 'no-such-message';
    if (this.authors.get(id) !== by.uid && !this.canModerate(by)) return 'not-moderator';
    if (message.kind === 'deleted') return 'known';
    this.messages.set(id, { kind: 'deleted', body: '' });
    const pinned = this.settings.pinned.filter((other) => other !== id);
    this.settings = { ...this.settings, pinned };
    return 'new';
  }

  #moderate({ who: by, action, at }: Extract<Event, { kind: 'room-action' }>, seq: number): string {
    if (action.type === 'room-created' ? this.exists : !this.canModerate(by)) {
      return action.type === 'room-created' ? 'room-exists' : 'not-moderator';
    }
    const whom = 'whom' in action ? action.whom.uid : undefined;
    if (
      whom !== undefined &&
      whom === this.settings.owner &&
      action.type !== 'restrictions-lifted'
    ) {
      return 'target-is-owner';
    }
    const stopped =
      (action.type === 'message-pinned' || action.type === 'message-unpinned') &&
      this.#notToPin(action);
    if (stopped) return stopped;
    this.exists = true;
    if (action.type === 'history-cleared') this.messages.clear();
    this.messages.set(seq, { kind: 'system', body: action.type });
    this.settings = { ...this.settings, ...this.#changed(action, by, at, seq) };
    return 'new';
  }

  #notToPin({ id, type }: Extract<RoomAction, { type: 'message-pinned' | 'message-unpinned' }>) {
    const on = type === 'message-pinned';
    const kind = this.messages.get(id)?.kind;
    if (kind === undefined || (on && kind !== 'message')) return 'no-such-message';
    const { pinned } = this.settings;
    if (pinned.includes(id) === on) return 'known';
    return on && pinned.length === 5 ? 'too-many-pins' : undefined;
  }

  #changed(action: RoomAction, by: Actor, at: number, seq: number): Partial<Settings> {
    const others = (uid: string) => this.standing(at).filter((sanction) => sanction.uid !== uid);
    switch (action.type) {
      case 'room-created':
        return {
          owner: by.uid,
          title: action.title,
          topic: action.topic,
          kind: action.kind ?? 'chat',
          isListed: action.isListed,
          passwordHash: action.passwordHash,
        };
      case 'title-changed':
        return { title: action.text };
      case 'topic-changed':
        return { topic: action.text };
      case 'kind-changed':
        return { kind: action.kind };
      case 'listing-changed':
        return { isListed: action.enabled };
      case 'password-changed':
        return { passwordHash: action.passwordHash };
      case 'lock-changed':
        return { isLocked: action.enabled };
      case 'name-requirement-changed':
        return { requiresName: action.enabled };
      case 'slow-mode-changed':
        return { slowModeSeconds: action.seconds };
      case 'keep-days-changed':
        return { keepDays: action.days || null };
      case 'poll-creators-changed':
        return { pollCreators: action.creators };
      case 'history-cleared':
        return { clearedSeq: seq, pinned: [] };
      case 'room-deleted':
        return { clearedSeq: seq, isDeleted: true };
      case 'message-pinned':
      case 'message-unpinned': {
        const others = this.settings.pinned.filter((id) => id !== action.id);
        return { pinned: action.type === 'message-pinned' ? [...others, action.id] : others };
      }
      case 'ownership-transferred':
        return { owner: action.whom.uid };
      case 'restrictions-lifted':
        return { sanctions: others(action.whom.uid) };
      default: {
        const { whom, minutes, address } = action;
        const until = minutes === null ? null : at + minutes * MINUTE_MS;
        const { uid, name } = whom;
        const kind = action.type === 'user-muted' ? ('mute' as const) : ('ban' as const);
        const sanction = { kind, uid, name, address, browsers: [], until };
        const rest = this.standing(at).filter((other) => other.uid !== uid || other.kind !== kind);
        return { sanctions: [...rest, sanction] };
      }
    }
  }
}

const user = fc.constantFrom(ada, ben, cy, mo, who('dot', { address: ben.address }));
const whom = user.map(({ uid }) => ({ uid, name: null }));
const on = fc.boolean();

const action: fc.Arbitrary<RoomAction> = fc.oneof(
  fc.record({
    type: fc.constant('room-created' as const),
    title: fc.constantFrom('Room', '生物课'),
    topic: fc.constantFrom('', 'Fish'),
    isListed: on,
    passwordHash: fc.constantFrom(null, 'a hash'),
  }),
  fc.record({ type: fc.constant('title-changed' as const), text: fc.constantFrom('Lab', 'Zoo') }),
  fc.record({ type: fc.constant('topic-changed' as const), text: fc.constantFrom('', 'Birds') }),
  fc.record({
    type: fc.constantFrom('listing-changed', 'lock-changed', 'name-requirement-changed'),
    enabled: on,
  }),
  fc.record({
    type: fc.constant('kind-changed' as const),
    kind: fc.constantFrom('chat' as const, 'class' as const),
  }),
  fc.record({
    type: fc.constant('password-changed' as const),
    passwordHash: fc.constantFrom(null, 'another'),
  }),
  fc.record({
    type: fc.constant('slow-mode-changed' as const),
    seconds: fc.constantFrom(0, 1, 90),
  }),
  fc.record({ type: fc.constant('keep-days-changed' as const), days: fc.constantFrom(0, 7) }),
  fc.constant({ type: 'history-cleared' as const }),
  fc.record({ type: fc.constantFrom('message-pinned', 'message-unpinned'), id: fc.nat(30) }),
  fc.record({
    type: fc.constantFrom('user-muted', 'user-banned'),
    whom,
    minutes: fc.constantFrom(null, 1, 10),
    address: fc.constantFrom(null, ben.address),
  }),
  fc.record({ type: fc.constantFrom('restrictions-lifted', 'ownership-transferred'), whom }),
);

/** Something that is tried, the time since the attempt before, and what ends with it. */
const attempt = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: action },
    { weight: 3, arbitrary: fc.constant('post' as const) },
    { weight: 1, arbitrary: fc.nat(20) },
  ),
  by: user,
  afterMs: fc.constantFrom(0, 1, 1_000, MINUTE_MS, 10 * MINUTE_MS),
  ends: fc.constantFrom('turn', 'group', 'restart'),
});

suite('A pinned message', () => {
  const pin = (id: number, on = true): RoomAction => ({
    type: on ? 'message-pinned' : 'message-unpinned',
    id,
  });
  const deleted = (id: number): Event => ({
    kind: 'message-deleted',
    room: ROOM,
    who: ada,
    id,
    at: 0,
  });

  test('exists, is no system message, and is pinned by moderators', (t) => {
    const store = openRoom(t);
    store.post('a', ben);
    assert.equal(store.moderate(pin(2), ben), 'not-moderator');
    assert.equal(store.moderate(pin(2), mo), 'new');
    assert.equal(store.moderate(pin(2)), 'known');
    for (const id of [1, 3, 999]) assert.equal(store.moderate(pin(id)), 'no-such-message');
    assert.deepEqual(store.settings().pinned, [2]);
    assert.equal(store.moderate(pin(2, false)), 'new');
    assert.equal(store.moderate(pin(2, false)), 'known');
    assert.deepEqual(store.settings().pinned, []);
  });

  test('is one of at most five, and stays pinned after a restart', (t) => {
    const store = openRoom(t);
    for (const body of 'abcdef') store.post(body, ben);
    for (const id of [2, 3, 4, 5, 6]) assert.equal(store.moderate(pin(id)), 'new');
    assert.deepEqual(store.group([roomAction(pin(7), ada, 0)]), [
      { refused: 'too-many-pins', details: { max: 5 } },
    ]);
    store.moderate(pin(3, false));
    store.restart();
    assert.equal(store.moderate(pin(7)), 'new');
    assert.deepEqual(store.settings().pinned, [2, 4, 5, 6, 7]);
  });

  test('is unpinned when it is deleted, or the history is cleared', (t) => {
    const store = openRoom(t);
    for (const body of 'ab') store.post(body, ben);
    for (const id of [2, 3]) store.moderate(pin(id));
    const [outcome] = store.group([deleted(2)]);
    assert.ok(outcome && 'change' in outcome);
    assert.deepEqual(outcome.change.settings?.pinned, [3]);
    assert.equal(store.moderate(pin(2)), 'no-such-message');
    assert.equal(store.moderate({ type: 'message-unpinned', id: 2 }), 'known');
    store.moderate({ type: 'history-cleared' });
    assert.deepEqual(store.settings().pinned, []);
    assert.equal(store.moderate(pin(3)), 'no-such-message');
  });

  test('may be a poll, but only of this room', (t) => {
    const store = openRoom(t);
    const spec = { question: 'Which?', options: ['a', 'b'], maxChoices: 1, canChangeVote: true };
    const poll = {
      ...spec,
      resultsVisibility: 'always',
      isAnonymous: true,
      kind: 'choice',
    } as const;
    const event = { kind: 'poll-created', who: ada, cid: null, files: [], at: 0 } as const;
    store.group([
      { ...event, room: ROOM, poll: { ...poll, minutes: null } },
      { ...event, room: 'another', poll: { ...poll, minutes: null } },
    ]);
    assert.equal(store.moderate(pin(2)), 'new');
    assert.equal(store.moderate(pin(3)), 'no-such-message');
  });
});

suite('Any order of moderation, messages and deletions, by any user', () => {
  test('has effect only by moderators, adds up, and is the same after a restart', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
        const store = openStore();
        const model = new Model();
        let now = MINUTE_MS * 60;
        let events: Event[] = [];
        const compare = () => {
          for (const [index, outcome] of store.group(events).entries()) {
            const event = events[index] as Event;
            const seq = 'change' in outcome ? outcome.change.seq : 0;
            assert.equal(resultOf(outcome), model.apply(event, seq), JSON.stringify(event));
          }
          events = [];
          const { sanctions, joinCode, ...rest } = store.settings();
          const { sanctions: _, joinCode: __, ...expected } = model.settings;
          assert.equal(
            joinCode !== null,
            model.exists,
            'a room gets its code with its first event',
          );
          assert.deepEqual(rest, expected);
          const standing = sanctions.filter(({ until }) => until === null || until > now);
          assert.deepEqual(standing, model.standing(now));
          const stored = store.messages().map(({ id, kind, body }) => {
            return [
              id,
              { kind, body: kind === 'system' ? JSON.parse(body).action : body },
            ] as const;
          });
          assert.deepEqual(new Map(stored), model.messages);
        };
        for (const { what, by, afterMs, ends } of attempts) {
          now += afterMs;
          events.push(eventOf(what, by, now, [...model.messages.keys()]));
          if (ends !== 'turn') compare();
          if (ends === 'restart') store.restart();
        }
        compare();
        store.restart();
        compare();
        store.db.close();
      }),
      { numRuns: 100 },
    );
  });
});

function eventOf(
  what: RoomAction | 'post' | number,
  by: Actor,
  at: number,
  ids: readonly number[],
): Event {
  if (what === 'post') return posted(`${by.uid} at ${at}`, by, at);
  if (typeof what !== 'number') return roomAction(what, by, at);
  return {
    kind: 'message-deleted',
    room: ROOM,
    who: by,
    id: ids[what % (ids.length + 1)] ?? 999,
    at,
  };
}
