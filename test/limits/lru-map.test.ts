import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LruMap } from '../../server/shared/lru-map.ts';

const keys = (map: Iterable<readonly [string, unknown]>) => [...map].map(([key]) => key).join('');

suite('An LRU map', () => {
  test('evicts the least recently used entry: set or got, but not peeked at', () => {
    const map = new LruMap<string, number>(3);
    for (const [n, key] of [...'abc'].entries()) map.set(key, n);
    assert.equal(map.get('a'), 0);
    assert.ok(map.has('b'));
    map.set('c', 5);
    map.set('d', 3);
    assert.equal(keys(map), 'acd');
    assert.equal(map.get('b'), undefined);
    assert.equal(map.get('c'), 5);
  });

  test('sums the sizes of values as they were when they were set', () => {
    const map = new LruMap<string, { size: number }>(10, ({ size }) => size);
    const grows = { size: 1 };
    map.set('a', grows);
    map.set('b', { size: 6 });
    grows.size = 9;
    map.set('c', { size: 3 });
    assert.equal(keys(map), 'abc', 'it is not measured again');
    map.set('a', grows);
    assert.equal(keys(map), 'a');
    map.delete('a');
    map.delete('a');
    for (const key of 'de') map.set(key, { size: 5 });
    assert.equal(keys(map), 'de', 'a deleted entry takes no space');
    map.set('d', { size: 5 });
    assert.equal(keys(map), 'ed', 'nor does a replaced value');
  });

  test('keeps the last entry, however large it is', () => {
    const map = new LruMap<string, number>(10, (size) => size);
    for (const key of 'ab') map.set(key, 11);
    assert.equal(keys(map), 'b');
  });
});
