import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { PresenceEntry } from '../../server/core/presence-tracker.ts';
import { type Presence, PresenceTracker } from '../../server/core/presence-tracker.ts';
import { createUser, PresenceView } from '../support/users.ts';

const GRACE_MS = 5_000;
const TYPING_MS = 5_000;
const TOLD_MS = 45_000;

/** A presence tracker with a fake clock. */
function open() {
  const clock = { now: 1_000 };
  return { clock, roster: new PresenceTracker(GRACE_MS, () => clock.now) };
}

function shown(uid: string, more: Partial<PresenceEntry> = {}): PresenceEntry {
  return { uid, name: null, state: 'online', isTyping: false, ...more };
}

const ann = createUser('ann');
const ben = createUser('ben');

suite('The presence tracker', () => {
  test('reports who has joined, by user and not by tab', () => {
    const { roster } = open();
    roster.join(ann);
    assert.deepEqual(roster.changes(), { people: [shown('ann')], count: 1, isWhole: false });
    roster.join(ann);
    assert.equal(roster.changes(), undefined, 'another tab of hers is nothing new');
    roster.join(ben);
    assert.deepEqual(roster.changes(), { people: [shown('ben')], count: 2, isWhole: false });
    assert.deepEqual(roster.all, { people: [shown('ann'), shown('ben')], count: 2, isWhole: true });
  });

  test("shows a user's current name", () => {
    const { roster } = open();
    roster.join(ann);
    roster.changes();
    roster.join({ ...ann, name: 'Ann' });
    assert.deepEqual(roster.changes()?.people, [shown('ann', { name: 'Ann' })]);
    assert.equal(roster.userOf('ann')?.name, 'Ann');
  });

  test('does not report a user as gone who is back within the grace period', () => {
    const { clock, roster } = open();
    const tab = roster.join(ann);
    roster.changes();
    roster.leave(tab);
    clock.now += GRACE_MS - 1;
    assert.equal(roster.changes(), undefined);
    roster.join(ann);
    clock.now += 10 * GRACE_MS;
    assert.equal(roster.changes(), undefined);
    assert.deepEqual(roster.all.people, [shown('ann')]);
  });

  test('reports a user as gone after the grace period', () => {
    const { clock, roster } = open();
    const tab = roster.join(ann);
    roster.changes();
    roster.leave(tab);
    assert.equal(roster.nextMs, GRACE_MS);
    clock.now += GRACE_MS;
    assert.deepEqual(roster.changes(), {
      people: [shown('ann', { state: 'gone' })],
      count: 0,
      isWhole: false,
    });
    assert.deepEqual(roster.all, { people: [], count: 0, isWhole: true });
    assert.equal(roster.userOf('ann'), undefined);
  });

  test('reports nothing about a user who was never shown', () => {
    const { clock, roster } = open();
    roster.leave(roster.join(ann));
    clock.now += GRACE_MS;
    assert.equal(roster.changes(), undefined);
  });

  test('keeps a user present for 45 seconds after the last report over HTTP', () => {
    const { clock, roster } = open();
    roster.report(ann, false);
    assert.deepEqual(roster.changes()?.people, [shown('ann')]);
    clock.now += TOLD_MS - 1;
    roster.report(ann, false);
    clock.now += TOLD_MS - 1;
    assert.equal(roster.changes(), undefined);
    assert.equal(roster.nextMs, 1);
    clock.now += 1;
    assert.deepEqual(roster.changes()?.people, [shown('ann', { state: 'gone' })]);
  });

  test('shows a user as away when all tabs are away, connected or not', () => {
    const { roster } = open();
    const tabs = [roster.join(ann), roster.join(ann)];
    roster.report(ann, false);
    roster.changes();
    for (const tab of tabs) tab.isAway = true;
    assert.equal(roster.changes(), undefined);
    roster.report(ann, true);
    assert.deepEqual(roster.changes()?.people, [shown('ann', { state: 'away' })]);
    roster.join(ann);
    assert.deepEqual(roster.changes()?.people, [shown('ann')]);
  });

  test('shows a user who leaves unchanged until they are gone', () => {
    const { clock, roster } = open();
    const tab = roster.join(ann);
    tab.isAway = true;
    assert.deepEqual(roster.changes()?.people, [shown('ann', { state: 'away' })]);
    roster.leave(tab);
    assert.equal(roster.changes(), undefined);
    clock.now += GRACE_MS;
    assert.deepEqual(roster.changes()?.people, [shown('ann', { state: 'gone' })]);
  });

  test('does not show a user as away who reloads the only visible tab', () => {
    const { clock, roster } = open();
    roster.join(ann).isAway = true;
    const looked = roster.join(ann);
    roster.changes();
    roster.leave(looked);
    clock.now += GRACE_MS - 1;
    assert.equal(roster.changes(), undefined);
    const again = roster.join(ann);
    clock.now += GRACE_MS;
    assert.equal(roster.changes(), undefined);
    roster.leave(again);
    assert.equal(roster.nextMs, GRACE_MS, 'what is left of her is told in time');
    clock.now += GRACE_MS;
    assert.deepEqual(roster.changes()?.people, [shown('ann', { state: 'away' })]);
  });

  test('ends typing after 5 seconds, or when the client stops it', () => {
    const { clock, roster } = open();
    roster.join(ann);
    roster.startTyping('ann');
    assert.deepEqual(roster.changes()?.people, [shown('ann', { isTyping: true })]);
    assert.equal(roster.nextMs, TYPING_MS);
    clock.now += TYPING_MS - 1;
    roster.startTyping('ann');
    clock.now += TYPING_MS - 1;
    assert.equal(roster.changes(), undefined);
    clock.now += 1;
    assert.deepEqual(roster.changes()?.people, [shown('ann')]);
    assert.equal(roster.stopTyping('ann'), false, 'nobody saw her type');
    roster.startTyping('ann');
    roster.changes();
    assert.equal(roster.stopTyping('ann'), true);
    assert.deepEqual(roster.changes()?.people, [shown('ann')]);
  });

  test('ignores typing of users who are not present', () => {
    const { roster } = open();
    roster.startTyping('ann');
    assert.equal(roster.stopTyping('ann'), false);
    assert.equal(roster.changes(), undefined);
    assert.equal(roster.count, 0);
  });

  test('shows 200 users, counts all, and shows the next one when one leaves', () => {
    const { clock, roster } = open();
    const client = new PresenceView();
    const look = () =>
      client.apply(roster.changes() ?? { people: [], count: client.count, isWhole: false });
    const tabs = Array.from({ length: 1_000 }, (_, n) => roster.join(createUser(`${n}`)));
    look();
    assert.deepEqual([client.members.size, client.count], [200, 1_000]);
    for (const tab of tabs.slice(0, 3)) roster.leave(tab);
    for (const tab of tabs.slice(-2)) roster.leave(tab);
    clock.now += GRACE_MS;
    look();
    assert.deepEqual([client.members.size, client.count], [200, 995]);
    assert.deepEqual([...client.members.values()], roster.all.people);
    for (const tab of tabs.slice(3)) roster.leave(tab);
    clock.now += GRACE_MS;
    look();
    assert.deepEqual([client.members.size, client.count], [0, 0]);
  });

  test('is empty when every user has left or is in the grace period', () => {
    const { roster } = open();
    assert.ok(roster.isEmpty);
    const tab = roster.join(ann);
    assert.ok(!roster.isEmpty);
    roster.leave(tab);
    assert.ok(roster.isEmpty);
    roster.report(ben, true);
    assert.ok(!roster.isEmpty, 'who has told that they are there has not gone');
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
  readonly roster: PresenceTracker;
  readonly client: PresenceView;
}

const uid = fc.constantFrom('ann', 'ben', 'cy');
const some = fc.nat(20);

/** An event that is applied to the tracker and to the model. */
type Step = (world: World, model: Model) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  uid.map(
    (who): Step =>
      ({ roster }, model) => {
        const tab = roster.join(createUser(who));
        model.lasting.push({ uid: who, isAway: false, until: Number.POSITIVE_INFINITY, tab });
      },
  ),
  some.map(
    (n): Step =>
      ({ roster, clock }, model) => {
        const one = linesOf(model)[n];
        if (!one?.tab) return;
        roster.leave(one.tab);
        one.until = clock.now + GRACE_MS;
      },
  ),
  fc.tuple(some, fc.boolean()).map(
    ([n, isAway]): Step =>
      (_, model) => {
        const one = linesOf(model)[n];
        if (one?.tab) one.isAway = one.tab.isAway = isAway;
      },
  ),
  fc.tuple(uid, fc.boolean()).map(
    ([who, isAway]): Step =>
      ({ roster, clock }, model) => {
        roster.report(createUser(who), isAway);
        const told = model.lasting.find((one) => one.uid === who && !one.tab);
        const until = clock.now + TOLD_MS;
        if (told) Object.assign(told, { isAway, until });
        else model.lasting.push({ uid: who, isAway, until });
      },
  ),
  uid.map(
    (who): Step =>
      ({ roster, clock, client }, model) => {
        roster.startTyping(who);
        if (client.members.has(who)) model.typing.set(who, clock.now + TYPING_MS);
      },
  ),
  uid.map(
    (who): Step =>
      ({ roster }, model) => {
        roster.stopTyping(who);
        model.typing.delete(who);
      },
  ),
  fc.constantFrom(1, 299, 1_000, 4_999, 5_000, 44_999, 45_000).map(
    (ms): Step =>
      ({ clock }) => {
        clock.now += ms;
      },
  ),
  fc.constant<Step>(({ roster, clock }) => {
    clock.now += roster.nextMs ?? 0;
  }),
);

/** The connections that are open. */
function linesOf({ lasting }: Model) {
  return lasting.filter(({ tab, until }) => tab && until === Number.POSITIVE_INFINITY);
}

/** A client reads: its accumulated updates and a new client's snapshot are who is present. */
function look({ roster, clock, client }: World, model: Model): void {
  const changes = roster.changes();
  if (changes) client.apply(changes);
  const there = model.at(clock.now);
  // A user who is gone does not type, not even after coming back.
  for (const who of model.typing.keys()) if (!there.has(who)) model.typing.delete(who);
  assert.deepEqual(sorted(client.members.values()), sorted(there.values()));
  assert.deepEqual(sorted(roster.all.people), sorted(there.values()));
  assert.deepEqual([client.count, roster.count], [there.size, there.size]);
  assert.equal(roster.changes(), undefined, 'what was told once is not told again');
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
          look(world, model);
        }
        for (const { tab, until } of model.lasting) {
          if (tab && until === Number.POSITIVE_INFINITY) world.roster.leave(tab);
        }
        world.clock.now += TOLD_MS;
        world.roster.changes();
        assert.equal(world.roster.count, 0);
        assert.equal(world.roster.nextMs, undefined);
        assert.deepEqual(world.roster.all, { people: [], count: 0, isWhole: true });
      }),
      { numRuns: 500 },
    );
  });

  test('a client that reads now and then ends up with the same state', () => {
    const now = fc.tuple(step, fc.boolean());
    fc.assert(
      fc.property(fc.array(now, { maxLength: 60 }), (steps) => {
        const world = { ...open(), client: new PresenceView() };
        for (const [happen, looks] of steps) {
          happen(world, new Model());
          const changes = looks && world.roster.changes();
          if (changes) world.client.apply(changes);
        }
        world.client.apply(
          world.roster.changes() ?? { people: [], count: world.client.count, isWhole: false },
        );
        const { people, count } = world.roster.all;
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
          look(world, model);
        }
        for (let next = world.roster.nextMs; next !== undefined; next = world.roster.nextMs) {
          const before = world.clock.now;
          world.clock.now = before + next - 1;
          look(world, model);
          assert.deepEqual(model.at(world.clock.now), model.at(before));
          world.clock.now = before + next;
          look(world, model);
        }
      }),
    );
  });
});
