import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { keepInMap, keptMap } from '../../static/client/lib/storage.ts';
import { lastSeen, see, seen } from '../../static/client/room/unread.ts';

const stored = new Map<string, string>();
Object.defineProperty(globalThis, 'localStorage', {
  value: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  },
  configurable: true,
});

/** Names of rooms that every object has a property of, or that an object puts before all others. */
const NAMES = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '2026',
  'class',
];

suite('What is kept for a room', () => {
  beforeEach(() => stored.clear());

  for (const name of NAMES) {
    test(`is kept for the room ${name} like for any other`, () => {
      assert.equal(lastSeen(name), undefined);
      assert.equal(keptMap(name).size, 0);
      see('before', 1);
      see(name, 7);
      assert.deepEqual(
        [...seen()],
        [
          ['before', 1],
          [name, 7],
        ],
      );
      assert.equal(lastSeen(name), 7);
      keepInMap('seen', name, undefined, 30);
      assert.deepEqual([...seen()], [['before', 1]]);
    });
  }

  test('goes when there is too much, that of the room written first before the others', () => {
    for (const name of [...NAMES, 'class', '2026']) keepInMap('drafts', name, name, 3);
    assert.deepEqual([...keptMap('drafts').keys()], ['valueOf', 'class', '2026']);
  });

  test('is found where a version before this one kept it', () => {
    stored.set('typhoon.seen', '{"a":3,"__proto__":4}');
    assert.equal(lastSeen('a'), 3);
    assert.equal(lastSeen('__proto__'), 4);
    assert.equal(lastSeen('constructor'), undefined);
  });
});
