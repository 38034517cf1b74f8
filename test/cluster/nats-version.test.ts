import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutdated } from '../../server/cluster/nats-version.ts';

test('A NATS server is outdated before 2.10.23.', () => {
  const outdated = [
    '2.9.10',
    '2.9.25',
    '2.10.22',
    '1.20.30',
    '2.10.23',
    '2.10.100',
    '2.11.0',
    '3.0.0',
  ];
  assert.deepEqual(outdated.filter(isOutdated), ['2.9.10', '2.9.25', '2.10.22', '1.20.30']);
  assert.equal(isOutdated(''), false);
});
