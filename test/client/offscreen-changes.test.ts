import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OffscreenChanges } from '../../static/client/room/offscreen-changes.ts';

suite('Changes outside the page', () => {
  test('are remembered by message, each in its latest state', () => {
    const changes = new OffscreenChanges<string>();
    changes.add(1, 'posted');
    changes.add(2, 'another');
    changes.add(1, 'edited');
    assert.equal(changes.find(1), 'edited');
    assert.equal(
      changes.count(() => true),
      2,
    );
    assert.equal(
      changes.count((text, id) => text === 'edited' && id === 1),
      1,
    );
  });

  test('are applied when they fit on the page, once', () => {
    const changes = new OffscreenChanges<string>();
    for (const id of [5, 3, 4]) changes.add(id, `${id}`);
    assert.deepEqual(
      changes.remove((id) => id > 3),
      ['5', '4'],
    );
    assert.deepEqual(
      changes.remove(() => true),
      ['3'],
    );
    assert.deepEqual(
      changes.remove(() => true),
      [],
    );
  });

  test('are bounded: the oldest changes are dropped, and it is known which', () => {
    const changes = new OffscreenChanges<number>();
    for (let id = 1; id <= 300; id += 1) changes.add(id, id);
    assert.ok(changes.covers(0));
    changes.add(1, 1);
    changes.add(301, 301);
    assert.equal(
      changes.count(() => true),
      300,
    );
    assert.deepEqual([changes.find(1), changes.find(2)], [1, undefined]);
    assert.deepEqual([changes.covers(1), changes.covers(2)], [false, true]);
    changes.clear();
    assert.deepEqual([changes.count(() => true), changes.covers(0)], [0, true]);
  });
});
