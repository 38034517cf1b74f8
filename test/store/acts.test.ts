import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { activeSanction } from '../../server/auth/permissions.ts';
import { defaultSettings, type Sanction, type Settings } from '../../server/auth/room-settings.ts';
import type { Actor } from '../../server/core/actor.ts';
import { appender } from '../../server/features/appender.ts';
import type { ChatOutcome } from '../../server/features/change.ts';
import type { Act, Event } from '../../server/features/events.ts';
import { queries } from '../../server/features/queries.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { who } from '../support/events.ts';
import { temporaryFolder } from '../support/server.ts';

const ROOM = 'room';
const MINUTE_MS = 60_000;
const [ada, ben, cy] = [who('ada'), who('ben'), who('cy')];
const mo = who('mo', { isModerator: true });

/** A store, and what can be done with it. */
function openStore(file = ':memory:') {
  const db = openDatabase(file);
  let append = appender(db);
  const group = (events: readonly Event[]) => append(events);
  const one = (event: Event) => {
    const [outcome] = group([event]);
    assert.ok(outcome);
    return resultOf(outcome);
  };
  return {
    db,
    group,
    act: (act: Act, by = ada, at = 0) => one(acted(act, by, at)),
    post: (body: string, by: Actor, at = 0, cid: string | null = null) =>
      one(posted(body, by, at, cid)),
    settings: () => queries(db).settings(ROOM) ?? defaultSettings(ROOM),
    messages: () => queries(db).latest(ROOM, 1_000).messages,
    /** As when the server starts anew: nothing is known but what is in the file. */
    restart() {
      append = appender(db);
    },
  };
}

function acted(act: Act, by: Actor, at: number): Event {
  return { kind: 'acted', room: ROOM, who: by, act, at };
}

function posted(body: string, by: Actor, at: number, cid: string | null = null): Event {
  return { kind: 'posted', room: ROOM, who: by, cid, body, reply: null, files: [], at };
}

/** Why an event does not count, or whether it is new. */
function resultOf(outcome: ChatOutcome): string {
  if ('refused' in outcome) return outcome.refused;
  return outcome.isNew ? 'new' : 'known';
}

const MADE: Act = { act: 'made', topic: 'Fish', isListed: true, word: null };

function against(
  act: 'silenced' | 'removed',
  whom: Actor,
  minutes: number | null,
  address: string | null = null,
): Act {
  return { act, whom: { uid: whom.uid, name: null }, minutes, address };
}

function openRoom(t: TestContext, file?: string) {
  const store = openStore(file);
  t.after(() => store.db.close());
  assert.equal(store.act(MADE), 'new');
  return store;
}

suite('What is done to a room', () => {
  for (const act of ['silenced', 'removed'] as const) {
    test(`${act} is one for the time given, and no longer`, (t) => {
      const store = openRoom(t);
      assert.equal(store.act(against(act, ben, 10), ada, 1_000), 'new');
      const end = 1_000 + 10 * MINUTE_MS;
      assert.equal(store.post('too early', ben, end - 1), act);
      assert.ok(activeSanction(store.settings(), ben, act, end - 1));
      assert.equal(activeSanction(store.settings(), ben, act, end), undefined);
      assert.equal(store.post('in time', ben, end), 'new');
    });

    test(`${act} for good is one until they are pardoned`, (t) => {
      const store = openRoom(t);
      store.act(against(act, ben, null));
      const later = Date.UTC(2100, 0);
      assert.equal(store.post('a', ben, later), act);
      store.act({ act: 'pardoned', whom: { uid: 'ben', name: null } }, ada, later);
      assert.equal(store.post('a', ben, later), 'new');
      assert.deepEqual(store.settings().sanctions, []);
    });

    test(`${act} with their address is whoever comes from there, but for those who keep the room`, (t) => {
      const store = openRoom(t);
      const address = 'a school';
      store.act(against(act, ben, 10, address));
      assert.equal(store.post('a', { ...cy, address }, 1), act);
      assert.equal(store.post('a', cy, 1), 'new');
      assert.equal(store.post('a', { ...ada, address }, 1), 'new');
      assert.equal(store.post('a', { ...mo, address }, 1), 'new');
      assert.equal(store.post('a', { ...ben, address: 'at home' }, 1), act);
    });
  }

  test('a retry of what was said before is confirmed, whatever was done since', (t) => {
    const store = openRoom(t);
    assert.equal(store.post('a', ben, 0, 'cid'), 'new');
    store.act({ act: 'slowed', seconds: 60 });
    store.act({ act: 'locked', on: true });
    store.act(against('silenced', ben, null));
    assert.equal(store.post('a', ben, 1, 'cid'), 'known');
    assert.equal(store.post('b', ben, 1, 'cid'), 'cid-reused');
    assert.equal(store.post('b', ben, 1, 'cid-2'), 'silenced');
  });

  test('slow: a clock that is set back locks nobody out for longer than the seconds', (t) => {
    const store = openRoom(t);
    const day = 24 * 60 * MINUTE_MS;
    store.act({ act: 'slowed', seconds: 10 });
    assert.equal(store.post('a', ben, 2 * day), 'new');
    assert.equal(store.post('b', ben, day), 'new');
    assert.equal(store.post('c', ben, day + 9_999), 'slow-room');
    assert.equal(store.post('c', ben, day + 10_000), 'new');
  });

  test('slow: the next message of a person counts when the seconds are over', (t) => {
    const store = openRoom(t);
    store.act({ act: 'slowed', seconds: 10 });
    const now = MINUTE_MS;
    assert.equal(store.post('a', ben, now), 'new');
    assert.deepEqual(store.group([posted('b', ben, now + 1_500)]), [
      { refused: 'slow-room', details: { count: 9 } },
    ]);
    assert.equal(store.post('a', cy, now + 1_500), 'new');
    // Nothing of what was refused counts.
    assert.equal(store.post('b', ben, now + 10_000), 'new');
    assert.equal(store.post('c', ben, now + 10_000), 'slow-room');
  });

  test('of two who make a room in one group, the first has it', (t) => {
    const store = openStore();
    t.after(() => store.db.close());
    const outcomes = store.group([acted(MADE, ben, 0), acted(MADE, ada, 0)]);
    assert.deepEqual(outcomes.map(resultOf), ['new', 'room-taken']);
    assert.equal(store.settings().owner, 'ben');
  });

  test("the lobby and the rooms of /transports are nobody's own", (t) => {
    const store = openStore();
    t.after(() => store.db.close());
    const outcomes = store.group(
      ['lobby', 'transports-1'].map((room) => ({ ...acted(MADE, ada, 0), room }) as Event),
    );
    assert.deepEqual(outcomes.map(resultOf), ['room-taken', 'room-taken']);
  });

  test('one is silenced and removed at once: neither ends the other, a pardon both', (t) => {
    const store = openRoom(t);
    store.act(against('silenced', ben, null));
    store.act(against('removed', ben, 10));
    const kinds = () => store.settings().sanctions.map(({ kind, until }) => [kind, until]);
    assert.deepEqual(kinds(), [
      ['silenced', null],
      ['removed', 10 * MINUTE_MS],
    ]);
    assert.equal(store.post('after', ben, 11 * MINUTE_MS), 'silenced');
    store.act({ act: 'pardoned', whom: { uid: 'ben', name: null } });
    assert.deepEqual(kinds(), []);
  });

  test('a thousand may be silenced or removed, and when that has run out, others', (t) => {
    const store = openRoom(t);
    const people = Array.from({ length: 1_000 }, (_, n) => who(`${n}`));
    const all = people.map((each) => acted(against('silenced', each, 10), ada, 0));
    assert.ok(store.group(all).every((outcome) => resultOf(outcome) === 'new'));
    assert.equal(store.act(against('removed', ben, 10), ada, 1), 'too-many-sanctions');
    assert.equal(store.act(against('silenced', who('7'), 20), ada, 1), 'new', 'one of them');
    assert.equal(store.act(against('removed', ben, 10), ada, 10 * MINUTE_MS), 'new');
    assert.deepEqual(
      store.settings().sanctions.map(({ uid }) => uid),
      ['7', 'ben'],
    );
  });

  test('of a group for which the disk has no room, nothing is done', (t) => {
    const store = openRoom(t, join(temporaryFolder(t), 'chat.sqlite'));
    const before = store.settings();
    const pages = Number(store.db.prepare('PRAGMA page_count').get()?.page_count);
    store.db.exec(`PRAGMA max_page_count = ${pages + 3}`);
    const many = Array.from({ length: 100 }, () => posted('x'.repeat(500), ada, 0));
    const locked = acted({ act: 'locked', on: true }, ada, 0);
    assert.throws(() => store.group([locked, ...many]), /full/);
    store.db.exec('PRAGMA max_page_count = 100000');
    assert.deepEqual(store.settings(), before);
    assert.equal(store.post('not locked', ben), 'new');
  });
});

/** A room as it has to be, said as simply as can be. */
class Model {
  settings: Settings = defaultSettings(ROOM);
  exists = false;
  readonly messages = new Map<number, { kind: string; body: string }>();
  readonly authors = new Map<number, string>();
  readonly spoken = new Map<string, number>();

  isKeeper({ uid, isModerator }: Actor): boolean {
    return isModerator || uid === this.settings.owner;
  }

  standing(now: number): readonly Sanction[] {
    return this.settings.sanctions.filter(({ until }) => until === null || until > now);
  }

  #is(kind: Sanction['kind'], by: Actor, now: number): boolean {
    return this.standing(now).some(
      (one) => one.kind === kind && (one.uid === by.uid || one.address === by.address),
    );
  }

  /** What has to come of an event that would get this number. */
  apply(event: Event, seq: number): string {
    switch (event.kind) {
      case 'posted':
        return this.#post(event, seq);
      case 'deleted':
        return this.#remove(event);
      case 'acted':
        return this.#act(event, seq);
      default:
        throw new Error(event.kind);
    }
  }

  #post({ who: by, at, body }: Extract<Event, { kind: 'posted' }>, seq: number): string {
    if (!this.isKeeper(by)) {
      const { isLocked, slowS } = this.settings;
      if (this.#is('removed', by, at)) return 'removed';
      if (this.#is('silenced', by, at)) return 'silenced';
      if (isLocked) return 'locked';
      const last = this.spoken.get(by.uid) ?? Number.POSITIVE_INFINITY;
      if (slowS > 0 && at >= last && at < last + slowS * 1_000) return 'slow-room';
      if (slowS > 0) this.spoken.set(by.uid, at);
    }
    this.exists = true;
    this.messages.set(seq, { kind: 'said', body });
    this.authors.set(seq, by.uid);
    return 'new';
  }

  #remove({ who: by, id }: Extract<Event, { kind: 'deleted' }>): string {
    const message = this.messages.get(id);
    if (!message || message.kind === 'act') return 'no-such-message';
    if (this.authors.get(id) !== by.uid && !this.isKeeper(by)) return 'not-keeper';
    if (message.kind === 'deleted') return 'known';
    this.messages.set(id, { kind: 'deleted', body: '' });
    const pinned = this.settings.pinned.filter((other) => other !== id);
    this.settings = { ...this.settings, pinned };
    return 'new';
  }

  #act({ who: by, act, at }: Extract<Event, { kind: 'acted' }>, seq: number): string {
    if (act.act === 'made' ? this.exists : !this.isKeeper(by)) {
      return act.act === 'made' ? 'room-taken' : 'not-keeper';
    }
    const whom = 'whom' in act ? act.whom.uid : undefined;
    if (whom !== undefined && whom === this.settings.owner && act.act !== 'pardoned') {
      return 'is-keeper';
    }
    const stopped = act.act === 'pinned' && this.#notToPin(act);
    if (stopped) return stopped;
    this.exists = true;
    if (act.act === 'cleared') this.messages.clear();
    this.messages.set(seq, { kind: 'act', body: act.act });
    this.settings = { ...this.settings, ...this.#changed(act, by, at, seq) };
    return 'new';
  }

  #notToPin({ id, on }: Extract<Act, { act: 'pinned' }>): string | undefined {
    const kind = this.messages.get(id)?.kind;
    if (kind === undefined || (on && kind !== 'said')) return 'no-such-message';
    const { pinned } = this.settings;
    if (pinned.includes(id) === on) return 'known';
    return on && pinned.length === 5 ? 'too-many-pins' : undefined;
  }

  #changed(act: Act, by: Actor, at: number, seq: number): Partial<Settings> {
    const others = (uid: string) => this.standing(at).filter((one) => one.uid !== uid);
    switch (act.act) {
      case 'made':
        return { owner: by.uid, topic: act.topic, isListed: act.isListed, word: act.word };
      case 'topic':
        return { topic: act.text };
      case 'listed':
        return { isListed: act.on };
      case 'worded':
        return { word: act.word };
      case 'locked':
        return { isLocked: act.on };
      case 'slowed':
        return { slowS: act.seconds };
      case 'cleared':
        return { clearedSeq: seq, pinned: [] };
      case 'pinned': {
        const others = this.settings.pinned.filter((id) => id !== act.id);
        return { pinned: act.on ? [...others, act.id] : others };
      }
      case 'handed':
        return { owner: act.whom.uid };
      case 'pardoned':
        return { sanctions: others(act.whom.uid) };
      default: {
        const { whom, minutes, address } = act;
        const until = minutes === null ? null : at + minutes * MINUTE_MS;
        const { uid, name } = whom;
        const sanction = { kind: act.act, uid, name, address, browsers: [], until };
        const besides = this.standing(at).filter(
          (other) => other.uid !== uid || other.kind !== act.act,
        );
        return { sanctions: [...besides, sanction] };
      }
    }
  }
}

const person = fc.constantFrom(ada, ben, cy, mo, who('dot', { address: ben.address }));
const whom = person.map(({ uid }) => ({ uid, name: null }));
const on = fc.boolean();

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    act: fc.constant('made' as const),
    topic: fc.constantFrom('', 'Fish'),
    isListed: on,
    word: fc.constantFrom(null, 'a hash'),
  }),
  fc.record({ act: fc.constant('topic' as const), text: fc.constantFrom('', 'Birds') }),
  fc.record({ act: fc.constantFrom('listed', 'locked'), on }),
  fc.record({ act: fc.constant('worded' as const), word: fc.constantFrom(null, 'another') }),
  fc.record({ act: fc.constant('slowed' as const), seconds: fc.constantFrom(0, 1, 90) }),
  fc.constant({ act: 'cleared' as const }),
  fc.record({ act: fc.constant('pinned' as const), id: fc.nat(30), on }),
  fc.record({
    act: fc.constantFrom('silenced', 'removed'),
    whom,
    minutes: fc.constantFrom(null, 1, 10),
    address: fc.constantFrom(null, ben.address),
  }),
  fc.record({ act: fc.constantFrom('pardoned', 'handed'), whom }),
);

/** Something that is tried, so long after what was tried before, and whether the server restarts then. */
const attempt = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: act },
    { weight: 3, arbitrary: fc.constant('post' as const) },
    { weight: 1, arbitrary: fc.nat(20) },
  ),
  by: person,
  afterMs: fc.constantFrom(0, 1, 1_000, MINUTE_MS, 10 * MINUTE_MS),
  ends: fc.constantFrom('turn', 'group', 'restart'),
});

suite('A message that is pinned', () => {
  const pin = (id: number, on = true): Act => ({ act: 'pinned', id, on });
  const deleted = (id: number): Event => ({ kind: 'deleted', room: ROOM, who: ada, id, at: 0 });

  test('is there, is no act, and is pinned by those who keep the room', (t) => {
    const store = openRoom(t);
    store.post('a', ben);
    assert.equal(store.act(pin(2), ben), 'not-keeper');
    assert.equal(store.act(pin(2), mo), 'new');
    assert.equal(store.act(pin(2)), 'known');
    for (const id of [1, 3, 999]) assert.equal(store.act(pin(id)), 'no-such-message');
    assert.deepEqual(store.settings().pinned, [2]);
    assert.equal(store.act(pin(2, false)), 'new');
    assert.equal(store.act(pin(2, false)), 'known');
    assert.deepEqual(store.settings().pinned, []);
  });

  test('is one of five, and stays after a restart', (t) => {
    const store = openRoom(t);
    for (const body of 'abcdef') store.post(body, ben);
    for (const id of [2, 3, 4, 5, 6]) assert.equal(store.act(pin(id)), 'new');
    assert.deepEqual(store.group([acted(pin(7), ada, 0)]), [
      { refused: 'too-many-pins', details: { max: 5 } },
    ]);
    store.act(pin(3, false));
    store.restart();
    assert.equal(store.act(pin(7)), 'new');
    assert.deepEqual(store.settings().pinned, [2, 4, 5, 6, 7]);
  });

  test('is pinned no more when it is deleted, or the room is cleared', (t) => {
    const store = openRoom(t);
    for (const body of 'ab') store.post(body, ben);
    for (const id of [2, 3]) store.act(pin(id));
    const [outcome] = store.group([deleted(2)]);
    assert.ok(outcome && 'change' in outcome);
    assert.deepEqual(outcome.change.settings?.pinned, [3]);
    assert.equal(store.act(pin(2)), 'no-such-message');
    store.act({ act: 'cleared' });
    assert.deepEqual(store.settings().pinned, []);
    assert.equal(store.act(pin(3)), 'no-such-message');
  });

  test('may be a poll, of this room and no other', (t) => {
    const store = openRoom(t);
    const asked = { question: 'Which?', options: ['a', 'b'], most: 1, mayChange: true };
    const poll = { ...asked, shows: 'always', isAnonymous: true, kind: 'choice' } as const;
    const ask = { kind: 'asked', who: ben, cid: null, files: [], at: 0 } as const;
    store.group([
      { ...ask, room: ROOM, poll: { ...poll, closesAt: null } },
      { ...ask, room: 'another', poll: { ...poll, closesAt: null } },
    ]);
    assert.equal(store.act(pin(2)), 'new');
    assert.equal(store.act(pin(3)), 'no-such-message');
  });
});

suite('Any order of acts, messages and deletions, by anybody', () => {
  test('counts by those who keep the room, adds up, and is the same after a restart', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
        const store = openStore();
        const model = new Model();
        let now = MINUTE_MS * 60;
        let events: Event[] = [];
        const look = () => {
          for (const [index, outcome] of store.group(events).entries()) {
            const event = events[index] as Event;
            const seq = 'change' in outcome ? outcome.change.seq : 0;
            assert.equal(resultOf(outcome), model.apply(event, seq), JSON.stringify(event));
          }
          events = [];
          const { sanctions, ...rest } = store.settings();
          const { sanctions: _, ...expected } = model.settings;
          assert.deepEqual(rest, expected);
          const standing = sanctions.filter(({ until }) => until === null || until > now);
          assert.deepEqual(standing, model.standing(now));
          const stored = store.messages().map(({ id, kind, body }) => {
            return [id, { kind, body: kind === 'act' ? JSON.parse(body).act : body }] as const;
          });
          assert.deepEqual(new Map(stored), model.messages);
        };
        for (const { what, by, afterMs, ends } of attempts) {
          now += afterMs;
          events.push(eventOf(what, by, now, [...model.messages.keys()]));
          if (ends !== 'turn') look();
          if (ends === 'restart') store.restart();
        }
        look();
        store.restart();
        look();
        store.db.close();
      }),
      { numRuns: 100 },
    );
  });
});

function eventOf(
  what: Act | 'post' | number,
  by: Actor,
  at: number,
  ids: readonly number[],
): Event {
  if (what === 'post') return posted(`${by.uid} at ${at}`, by, at);
  if (typeof what !== 'number') return acted(what, by, at);
  return { kind: 'deleted', room: ROOM, who: by, id: ids[what % (ids.length + 1)] ?? 999, at };
}
