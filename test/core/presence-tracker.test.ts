import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { PresenceEntry } from '../../server/core/presence.ts';
import { type Presence, PresenceTracker } from '../../server/core/presence-tracker.ts';
import { createUser, PresenceView } from '../support/users.ts';

const GRACE_MS = 5_000;
const TYPING_MS = 5_000;
const REPORT_TTL_MS = 45_000;

/** A presence tracker with a fake clock. */
function open() {
  const clock = { now: 1_000 };
  return { clock, tracker: new PresenceTracker(GRACE_MS, () => clock.now) };
}

function shown(uid: string, more: Partial<PresenceEntry> = {}): PresenceEntry {
  return { uid, name: null, state: 'online', isTyping: false, ...more };
}

const ann = createUser('ann');
const ben = createUser('ben');

suite('The presence tracker', () => {
  test('reports who has joined, by user and not by tab', () => {
    const { tracker } = open();
    tracker.join(ann);
    assert.deepEqual(tracker.changes(), { people: [shown('ann')], count: 1, isWhole: false });
    tracker.join(ann);
    assert.equal(tracker.changes(), undefined, 'another tab changes nothing');
    tracker.join(ben);
    assert.deepEqual(tracker.changes(), { people: [shown('ben')], count: 2, isWhole: false });
    assert.deepEqual(tracker.all, {
      people: [shown('ann'), shown('ben')],
      count: 2,
      isWhole: true,
    });
  });

  test("shows a user's current name", () => {
    const { tracker } = open();
    tracker.join(ann);
    tracker.changes();
    tracker.join({ ...ann, name: 'Ann' });
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { name: 'Ann' })]);
    assert.equal(tracker.userOf('ann')?.name, 'Ann');
  });

  test('does not report a user as gone who is back within the grace period', () => {
    const { clock, tracker } = open();
    const tab = tracker.join(ann);
    tracker.changes();
    tracker.leave(tab);
    clock.now += GRACE_MS - 1;
    assert.equal(tracker.changes(), undefined);
    tracker.join(ann);
    clock.now += 10 * GRACE_MS;
    assert.equal(tracker.changes(), undefined);
    assert.deepEqual(tracker.all.people, [shown('ann')]);
  });

  test('ends what matching users reported, and no one else', () => {
    const { clock, tracker } = open();
    tracker.report(ann, false);
    tracker.report(ben, false);
    tracker.changes();
    tracker.evict(({ uid }) => uid === 'ann');
    clock.now += GRACE_MS;
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { state: 'gone' })]);
    assert.deepEqual(tracker.all.people, [shown('ben')]);
  });

  test('lists each browser of a user once', () => {
    const { tracker } = open();
    for (const browser of ['b1', 'b1', 'b2', null]) tracker.join({ ...ann, browser });
    assert.deepEqual(tracker.browsers('ann'), ['b1', 'b2']);
    assert.deepEqual(tracker.browsers('ben'), []);
  });

  test('is empty at the moment when the last report expires, and users who left are still shown', () => {
    const { clock, tracker } = open();
    tracker.report(ann, false);
    const tab = tracker.join(ann);
    tracker.changes();
    clock.now += REPORT_TTL_MS - 1;
    tracker.leave(tab);
    assert.equal(tracker.isEmpty, false);
    clock.now += 1;
    tracker.changes();
    assert.deepEqual([tracker.isEmpty, tracker.all.people], [true, [shown('ann')]]);
  });

  test('plans no change for typing that has ended, and none in the past', () => {
    const { clock, tracker } = open();
    const tab = tracker.join(ann);
    tracker.startTyping('ann');
    assert.equal(tracker.nextMs, TYPING_MS);
    clock.now += TYPING_MS;
    assert.equal(tracker.nextMs, undefined);
    tracker.leave(tab);
    clock.now += 2 * GRACE_MS;
    assert.equal(tracker.nextMs, 1);
  });

  test('reports a user as gone after the grace period', () => {
    const { clock, tracker } = open();
    const tab = tracker.join(ann);
    tracker.changes();
    tracker.leave(tab);
    assert.equal(tracker.nextMs, GRACE_MS);
    clock.now += GRACE_MS;
    assert.deepEqual(tracker.changes(), {
      people: [shown('ann', { state: 'gone' })],
      count: 0,
      isWhole: false,
    });
    assert.deepEqual(tracker.all, { people: [], count: 0, isWhole: true });
    assert.equal(tracker.userOf('ann'), undefined);
  });

  test('reports nothing about a user who was never shown', () => {
    const { clock, tracker } = open();
    tracker.leave(tracker.join(ann));
    clock.now += GRACE_MS;
    assert.equal(tracker.changes(), undefined);
  });

  test('keeps a user present for 45 seconds after the last report over HTTP', () => {
    const { clock, tracker } = open();
    tracker.report(ann, false);
    assert.deepEqual(tracker.changes()?.people, [shown('ann')]);
    clock.now += REPORT_TTL_MS - 1;
    tracker.report(ann, false);
    clock.now += REPORT_TTL_MS - 1;
    assert.equal(tracker.changes(), undefined);
    assert.equal(tracker.nextMs, 1);
    clock.now += 1;
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { state: 'gone' })]);
  });

  test('shows a user as away when all tabs are away, connected or not', () => {
    const { tracker } = open();
    const tabs = [tracker.join(ann), tracker.join(ann)];
    tracker.report(ann, false);
    tracker.changes();
    for (const tab of tabs) tab.isAway = true;
    assert.equal(tracker.changes(), undefined);
    tracker.report(ann, true);
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { state: 'away' })]);
    tracker.join(ann);
    assert.deepEqual(tracker.changes()?.people, [shown('ann')]);
  });

  test('shows a user who leaves unchanged until they are gone', () => {
    const { clock, tracker } = open();
    const tab = tracker.join(ann);
    tab.isAway = true;
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { state: 'away' })]);
    tracker.leave(tab);
    assert.equal(tracker.changes(), undefined);
    clock.now += GRACE_MS;
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { state: 'gone' })]);
  });

  test('does not show a user as away who reloads the only visible tab', () => {
    const { clock, tracker } = open();
    tracker.join(ann).isAway = true;
    const reloaded = tracker.join(ann);
    tracker.changes();
    tracker.leave(reloaded);
    clock.now += GRACE_MS - 1;
    assert.equal(tracker.changes(), undefined);
    const again = tracker.join(ann);
    clock.now += GRACE_MS;
    assert.equal(tracker.changes(), undefined);
    tracker.leave(again);
    assert.equal(tracker.nextMs, GRACE_MS, 'the next change is when she is gone');
    clock.now += GRACE_MS;
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { state: 'away' })]);
  });

  test('ends typing after 5 seconds, or when the client stops it', () => {
    const { clock, tracker } = open();
    tracker.join(ann);
    tracker.startTyping('ann');
    assert.deepEqual(tracker.changes()?.people, [shown('ann', { isTyping: true })]);
    assert.equal(tracker.nextMs, TYPING_MS);
    clock.now += TYPING_MS - 1;
    tracker.startTyping('ann');
    clock.now += TYPING_MS - 1;
    assert.equal(tracker.changes(), undefined);
    clock.now += 1;
    assert.deepEqual(tracker.changes()?.people, [shown('ann')]);
    assert.equal(tracker.stopTyping('ann'), false, 'she was not typing');
    tracker.startTyping('ann');
    tracker.changes();
    assert.equal(tracker.stopTyping('ann'), true);
    assert.deepEqual(tracker.changes()?.people, [shown('ann')]);
  });

  test('ignores typing of users who are not present', () => {
    const { tracker } = open();
    tracker.startTyping('ann');
    assert.equal(tracker.stopTyping('ann'), false);
    assert.equal(tracker.changes(), undefined);
    assert.equal(tracker.count, 0);
  });

  test('shows 200 users, counts all, and shows the next one when one leaves', () => {
    const { clock, tracker } = open();
    const client = new PresenceView();
    const update = () =>
      client.apply(tracker.changes() ?? { people: [], count: client.count, isWhole: false });
    const tabs = Array.from({ length: 1_000 }, (_, n) => tracker.join(createUser(`${n}`)));
    update();
    assert.deepEqual([client.members.size, client.count], [200, 1_000]);
    for (const tab of tabs.slice(0, 3)) tracker.leave(tab);
    for (const tab of tabs.slice(-2)) tracker.leave(tab);
    clock.now += GRACE_MS;
    update();
    assert.deepEqual([client.members.size, client.count], [200, 995]);
    assert.deepEqual([...client.members.values()], tracker.all.people);
    for (const tab of tabs.slice(3)) tracker.leave(tab);
    clock.now += GRACE_MS;
    update();
    assert.deepEqual([client.members.size, client.count], [0, 0]);
  });

  test('is empty when every user has left or is in the grace period', () => {
    const { tracker } = open();
    assert.ok(tracker.isEmpty);
    const tab = tracker.join(ann);
    assert.ok(!tracker.isEmpty);
    tracker.leave(tab);
    assert.ok(tracker.isEmpty);
    tracker.report(ben, true);
    assert.ok(!tracker.isEmpty, 'users reported over HTTP are present');
  });
});

/** The model: everything that makes a user present, and until when. */
class Model {
  readonly lasting: { uid: string; isAway: boolean; until: number; tab?: Presence }[] = [];
  readonly typing = new Map<string, number>();

  /** Who is present at a time. A typing user has to be present. */
  at(now: number): Map<string, PresenceEntry> {
    const there = this.lasting.filter(({ until }) => until > now);
    const byPerson = [...Map.groupBy(there, ({ uid }) => uid)];
    return new Map(
      byPerson.map(([uid, all]) => {
        const state = all.every(({ isAway }) => isAway) ? 'away' : 'online';
        return [uid, shown(uid, { state, isTyping: (this.typing.get(uid) ?? 0) > now })];
      }),
    );
  }
}

interface World {
  readonly clock: { now: number };
  readonly tracker: PresenceTracker;
  readonly client: PresenceView;
}

const uid = fc.constantFrom('ann', 'ben', 'cy');
const some = fc.nat(20);

/** An event that is applied to the tracker and to the model. */
type Step = (world: World, model: Model) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  uid.map(
    (who): Step =>
      ({ tracker }, model) => {
        const tab = tracker.join(createUser(who));
        model.lasting.push({ uid: who, isAway: false, until: Number.POSITIVE_INFINITY, tab });
      },
  ),
  some.map(
    (n): Step =>
      ({ tracker, clock }, model) => {
        const connection = connectionsOf(model)[n];
        if (!connection?.tab) return;
        tracker.leave(connection.tab);
        connection.until = clock.now + GRACE_MS;
      },
  ),
  fc.tuple(some, fc.boolean()).map(
    ([n, isAway]): Step =>
      (_, model) => {
        const connection = connectionsOf(model)[n];
        if (connection?.tab) connection.isAway = connection.tab.isAway = isAway;
      },
  ),
  fc.tuple(uid, fc.boolean()).map(
    ([who, isAway]): Step =>
      ({ tracker, clock }, model) => {
        tracker.report(createUser(who), isAway);
        const report = model.lasting.find(({ uid, tab }) => uid === who && !tab);
        const until = clock.now + REPORT_TTL_MS;
        if (report) Object.assign(report, { isAway, until });
        else model.lasting.push({ uid: who, isAway, until });
      },
  ),
  uid.map(
    (who): Step =>
      ({ tracker, clock, client }, model) => {
        tracker.startTyping(who);
        if (client.members.has(who)) model.typing.set(who, clock.now + TYPING_MS);
      },
  ),
  uid.map(
    (who): Step =>
      ({ tracker }, model) => {
        tracker.stopTyping(who);
        model.typing.delete(who);
      },
  ),
  fc.constantFrom(1, 299, 1_000, 4_999, 5_000, 44_999, 45_000).map(
    (ms): Step =>
      ({ clock }) => {
        clock.now += ms;
      },
  ),
  fc.constant<Step>(({ tracker, clock }) => {
    clock.now += tracker.nextMs ?? 0;
  }),
);

/** The connections that are open. */
function connectionsOf({ lasting }: Model) {
  return lasting.filter(({ tab, until }) => tab && until === Number.POSITIVE_INFINITY);
}

/** A client reads: its accumulated updates and a new client's snapshot are who is present. */
function update({ tracker, clock, client }: World, model: Model): void {
  const changes = tracker.changes();
  if (changes) client.apply(changes);
  const there = model.at(clock.now);
  // A user who is gone does not type, not even after coming back.
  for (const who of model.typing.keys()) if (!there.has(who)) model.typing.delete(who);
  assert.deepEqual(sorted(client.members.values()), sorted(there.values()));
  assert.deepEqual(sorted(tracker.all.people), sorted(there.values()));
  assert.deepEqual([client.count, tracker.count], [there.size, there.size]);
  assert.equal(tracker.changes(), undefined, 'a change is returned once');
}

function sorted(people: Iterable<PresenceEntry>): PresenceEntry[] {
  return [...people].sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

suite('In any order of joining, leaving, reporting, typing and time', () => {
  test('the updates of a client add up to who is present, and nothing is left at the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = { ...open(), client: new PresenceView() };
        const model = new Model();
        for (const happen of steps) {
          happen(world, model);
          update(world, model);
        }
        for (const { tab, until } of model.lasting) {
          if (tab && until === Number.POSITIVE_INFINITY) world.tracker.leave(tab);
        }
        world.clock.now += REPORT_TTL_MS;
        world.tracker.changes();
        assert.equal(world.tracker.count, 0);
        assert.equal(world.tracker.nextMs, undefined);
        assert.deepEqual(world.tracker.all, { people: [], count: 0, isWhole: true });
      }),
      { numRuns: 500 },
    );
  });

  test('a client that reads now and then ends up with the same state', () => {
    const now = fc.tuple(step, fc.boolean());
    fc.assert(
      fc.property(fc.array(now, { maxLength: 60 }), (steps) => {
        const world = { ...open(), client: new PresenceView() };
        for (const [happen, reads] of steps) {
          happen(world, new Model());
          const changes = reads && world.tracker.changes();
          if (changes) world.client.apply(changes);
        }
        world.client.apply(
          world.tracker.changes() ?? { people: [], count: world.client.count, isWhole: false },
        );
        const { people, count } = world.tracker.all;
        assert.deepEqual(sorted(world.client.members.values()), sorted(people));
        assert.equal(world.client.count, count);
      }),
    );
  });

  test('the tracker returns the time of the next change, and nothing changes before it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = { ...open(), client: new PresenceView() };
        const model = new Model();
        for (const happen of steps) {
          happen(world, model);
          update(world, model);
        }
        for (let next = world.tracker.nextMs; next !== undefined; next = world.tracker.nextMs) {
          const before = world.clock.now;
          world.clock.now = before + next - 1;
          update(world, model);
          assert.deepEqual(model.at(world.clock.now), model.at(before));
          world.clock.now = before + next;
          update(world, model);
        }
      }),
    );
  });
});
