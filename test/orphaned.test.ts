import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOrphaned } from '../server/orphaned.ts';

test('A server is orphaned when npm is no longer its parent, not when that is unknown.', () => {
  const before = { shell: 20, npm: 10 };
  assert.equal(isOrphaned(before, before), false);
  assert.equal(isOrphaned(before, { shell: 1, npm: undefined }), true);
  assert.equal(isOrphaned(before, { shell: 20, npm: 1 }), true);
  // Without file descriptors, for example.
  assert.equal(isOrphaned(before, { shell: 20, npm: undefined }), false);
  assert.equal(isOrphaned({ shell: 20, npm: undefined }, before), false);
});
