import assert from 'node:assert/strict';
import { beforeEach, suite, type TestContext, test } from 'node:test';
import { readLocalMap, writeLocalEntry } from '../../static/client/lib/storage.ts';
import { lastRead, lastReadByRoom, markRead } from '../../static/client/room/unread/last-read.ts';
import { fetchCounts } from '../../static/client/room/unread/room-counts.ts';
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

suite('The unread counts', () => {
  let now = 1_000_000;

  /** How many requests there were, by room, and the most that were open at once. */
  function stubFetch(t: TestContext, counts: Readonly<Record<string, number>>) {
    t.mock.method(performance, 'now', () => now);
    const requests: string[] = [];
    let [open, maxOpen] = [0, 0];
    const { fetch } = globalThis;
    t.after(() => {
      globalThis.fetch = fetch;
    });
    globalThis.fetch = async (address) => {
      const room = /^\/rooms\/(\w+)\/unread\?after=7&/.exec(`${address}`)?.[1] ?? '';
      requests.push(room);
      open += 1;
      maxOpen = Math.max(maxOpen, open);
      await new Promise(setImmediate);
      open -= 1;
      const count = counts[room];
      if (count === undefined) return new Response('', { status: 403 });
      if (count < 0) throw new TypeError('offline');
      return Response.json({ count });
    };
    return { requests, maxOpen: () => maxOpen };
  }

  beforeEach(() => {
    local.clear();
    now += 10_000;
    Object.assign(globalThis, { document: { documentElement: { lang: 'en' } } });
  });

  test('are fetched one room after the other, and not again for ten seconds', async (t) => {
    for (const room of ['a', 'b', 'c', 'd']) markRead(room, 7);
    const { requests, maxOpen } = stubFetch(t, { a: 0, b: 3, d: 100 });
    const shown: (string | undefined)[][] = [];
    const refresh = () =>
      fetchCounts(['d', 'c', 'never-read', 'b', 'a'], (room, { unread }) =>
        shown.push([room, unread]),
      );
    await Promise.all([refresh(), refresh()]);
    now += 9_999;
    await refresh();
    assert.deepEqual(requests, ['d', 'c', 'b', 'a']);
    assert.equal(maxOpen(), 1);
    assert.deepEqual(shown, [
      ['d', '99+'],
      ['b', '3'],
      ['a', undefined],
    ]);
    now += 1;
    await refresh();
    assert.equal(requests.length, 8);
  });

  test('are not asked for any further once the server is not reached', async (t) => {
    for (const room of ['a', 'b']) markRead(room, 7);
    const { requests } = stubFetch(t, { a: -1, b: 3 });
    await fetchCounts(['a', 'b'], () => assert.fail());
    assert.deepEqual(requests, ['a']);
  });
});
