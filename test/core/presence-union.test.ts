import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MAX_SHOWN, type PresenceEntry } from '../../server/core/presence.ts';
import { PresenceUnion } from '../../server/core/presence-union.ts';
import { PresenceView } from '../support/users.ts';

function person(uid: string, more: Partial<PresenceEntry> = {}): PresenceEntry {
  return { uid, name: null, state: 'online', isTyping: false, ...more };
}

/** All of a node's part. */
function whole(...people: PresenceEntry[]) {
  return { people, count: people.length, isWhole: true };
}

function many(name: string, count: number) {
  const people = Array.from({ length: Math.min(count, MAX_SHOWN) }, (_, n) =>
    person(`${name} ${n}`),
  );
  return { people, count, isWhole: true };
}

suite('The union of the nodes', () => {
  test('has a user on two nodes once, and until the last of them says that they are gone', () => {
    const union = new PresenceUnion();
    union.update('a', whole(person('ann'), person('ben')));
    union.update('b', whole(person('ann')));
    assert.deepEqual(union.changes()?.people, [person('ann'), person('ben')]);
    assert.equal(union.count, 2);
    union.update('a', {
      people: [person('ann', { state: 'gone' })],
      count: 1,
      isWhole: false,
    });
    assert.equal(union.changes(), undefined, 'she is on the other node');
    union.remove('b');
    assert.deepEqual(union.changes(), {
      people: [person('ann', { state: 'gone' })],
      count: 1,
      isWhole: false,
    });
  });

  test('shows a user as online, typing and by name where one node does', () => {
    const union = new PresenceUnion();
    union.update('a', whole(person('ann', { state: 'away', isTyping: true })));
    union.update('b', whole(person('ann', { name: 'Ann' })));
    const shown = person('ann', { name: 'Ann', isTyping: true });
    assert.deepEqual(union.changes()?.people, [shown]);
    assert.deepEqual(union.all, { people: [shown], count: 1, isWhole: true });
    assert.equal(union.stopTyping('ann'), true);
    assert.deepEqual(union.changes()?.people, [person('ann', { name: 'Ann' })]);
    assert.equal(union.stopTyping('ann'), false);
  });

  test('replaces what it had of a node by all that the node tells', () => {
    const union = new PresenceUnion();
    union.update('a', whole(person('ann'), person('ben')));
    union.changes();
    union.update('a', whole(person('ben'), person('cy')));
    const changes = union.changes();
    assert.deepEqual(changes?.people, [person('ann', { state: 'gone' }), person('cy')]);
    assert.equal(changes?.count, 2);
  });

  test('shows 200 users of many, and others in the place of those gone', () => {
    const union = new PresenceUnion();
    const view = new PresenceView();
    const update = () => {
      const changes = union.changes();
      if (changes) view.apply(changes);
    };
    union.update('a', many('a', 150));
    union.update('b', many('b', 300));
    update();
    assert.deepEqual([view.members.size, view.count], [MAX_SHOWN, 450]);
    union.remove('a');
    update();
    assert.deepEqual([view.members.size, view.count], [MAX_SHOWN, 300]);
    assert.ok([...view.members.keys()].every((uid) => uid.startsWith('b ')));
    assert.deepEqual(union.all.people, [...view.members.values()]);
  });
});
