import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { readLocalMap, writeLocalEntry } from '../../static/client/lib/storage.ts';
import { lastRead, lastReadByRoom, markRead } from '../../static/client/room/unread.ts';
import { openStorages } from '../support/storage.ts';

const { local } = openStorages();

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

suite('What is stored for a room', () => {
  beforeEach(() => local.clear());

  for (const name of NAMES) {
    test(`is stored for the room ${name} like for any other`, () => {
      assert.equal(lastRead(name), undefined);
      assert.equal(readLocalMap(name).size, 0);
      markRead('before', 1);
      markRead(name, 7);
      assert.deepEqual(
        [...lastReadByRoom()],
        [
          ['before', 1],
          [name, 7],
        ],
      );
      assert.equal(lastRead(name), 7);
      writeLocalEntry('seen', name, undefined, 30);
      assert.deepEqual([...lastReadByRoom()], [['before', 1]]);
    });
  }

  test('is limited: the entry of the room written first is dropped first', () => {
    for (const name of [...NAMES, 'class', '2026']) writeLocalEntry('drafts', name, name, 3);
    assert.deepEqual([...readLocalMap('drafts').keys()], ['valueOf', 'class', '2026']);
  });

  test('is found where an earlier version stored it', () => {
    local.setItem('typhoon.seen', '{"a":3,"__proto__":4}');
    assert.equal(lastRead('a'), 3);
    assert.equal(lastRead('__proto__'), 4);
    assert.equal(lastRead('constructor'), undefined);
  });
});
