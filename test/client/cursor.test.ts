import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceCursor } from '../../static/client/connection/cursor.ts';

test('A cursor moves on with each change, within an event too, and never goes back', () => {
  assert.equal(advanceCursor('e.3', 4, 4), 'e.4.4');
  assert.equal(advanceCursor('e.4.4', 5, 1), 'e.5.1');
  assert.equal(advanceCursor('e.5.1', 5, 2), 'e.5.2');
  assert.equal(advanceCursor('e.5.2', 5, 1), 'e.5.2');
  assert.equal(advanceCursor('e.5.2', 4, 9), 'e.5.2');
  assert.equal(advanceCursor('e.5', 5, 9), 'e.5', 'it has all of the event');
  assert.equal(advanceCursor(undefined, 5, 1), undefined);
});
