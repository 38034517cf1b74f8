import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePeople } from '../../static/client/room/people-order.ts';

test('The list of people begins with the user and the owner, and ends with the guests', () => {
  const person = (name: string, more = {}) => ({
    ...{ name, isOwn: false, isOwner: false, isGuest: false },
    ...more,
  });
  const sorted = [
    person('guest b', { isGuest: true }),
    person('Zoe'),
    person('Mia', { isOwner: true }),
    person('guest c', { isGuest: true, isOwn: true }),
    person('guest a', { isGuest: true }),
    person('Änne'),
  ].toSorted(comparePeople);
  assert.deepEqual(
    sorted.map(({ name }) => name),
    ['guest c', 'Mia', 'Änne', 'Zoe', 'guest a', 'guest b'],
  );
});
