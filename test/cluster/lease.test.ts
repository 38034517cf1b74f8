import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Lease } from '../../server/cluster/lease.ts';

function openLease() {
  const known = { ageMs: 0, mayOthersBeLevel: true };
  const lapses: boolean[] = [];
  const lease = new Lease({
    ageMs: () => known.ageMs,
    mayOthersBeLevel: () => known.mayOthersBeLevel,
    onLapse: (hasLapsed) => void lapses.push(hasLapsed),
  });
  return { known, lapses, lease };
}

suite('The lease of a node', () => {
  test('lapses within ten seconds, and begins again when the node is level', () => {
    const { known, lapses, lease } = openLease();
    known.ageMs = 8_000;
    lease.check();
    assert.equal(lease.hasLapsed, false);
    known.ageMs = 9_500;
    lease.check();
    lease.check();
    assert.deepEqual([lease.hasLapsed, lapses], [true, [true]]);
    known.ageMs = 1_000;
    lease.check();
    assert.deepEqual([lease.hasLapsed, lapses], [false, [true, false]]);
  });

  test('does not lapse while no other node can have more, and then at once when one may', () => {
    const { known, lapses, lease } = openLease();
    Object.assign(known, { ageMs: 60_000, mayOthersBeLevel: false });
    lease.check();
    assert.deepEqual(lapses, []);
    known.mayOthersBeLevel = true;
    lease.check();
    known.mayOthersBeLevel = false;
    lease.check();
    assert.deepEqual(lapses, [true]);
  });
});
