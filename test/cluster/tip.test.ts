import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { tipFault } from '../../server/cluster/tip.ts';

const APPLIED = { place: 131, id: 'a.131', at: 131 };
const PAUSE_MS = 1;

/** A log that ends at these places when it is asked, one after the other, and at the last one from then on. */
function logThatEndsAt(...places: readonly number[]) {
  const rest = [...places];
  return {
    async range() {
      const last = (rest.length > 1 ? rest.shift() : rest[0]) ?? 0;
      return { first: 1, last, quorumAgeMs: 0 };
    },
    entryAt: async (place: number) => ({ id: `a.${place}`, at: place }),
  };
}

suite('A log that ends before what a node has applied', () => {
  test('is a fault where every answer says so', async () => {
    const fault = await tipFault(logThatEndsAt(30), APPLIED, PAUSE_MS);
    assert.match(fault ?? '', /ends at place 30, and this node has applied place 131/);
  });

  test('is none where a server said so that took itself for the leader for a moment', async () => {
    for (const ends of [[131], [30, 131], [30, 30, 140]])
      assert.equal(await tipFault(logThatEndsAt(...ends), APPLIED, PAUSE_MS), undefined);
  });
});

suite('The tip of the log', () => {
  const applied = { place: 5, id: 'x', at: 7 };
  const engine = (first: number, last: number, entry = { id: 'x', at: 7 }, quorumAgeMs = 0) => ({
    range: async () => ({ first, last, quorumAgeMs }),
    entryAt: async () => entry,
  });

  test('is what was applied here, or the node stops', async () => {
    assert.equal(await tipFault(engine(1, 9), applied), undefined);
    assert.match(
      `${await tipFault(engine(1, 4), applied, PAUSE_MS)}`,
      /went back: it ends at place 4/,
    );
    assert.match(`${await tipFault(engine(7, 9), applied, PAUSE_MS)}`, /begins at place 7/);
    assert.match(
      `${await tipFault(engine(1, 9, { id: 'y', at: 7 }), applied, PAUSE_MS)}`,
      /is another one/,
    );
    assert.match(
      `${await tipFault(engine(1, 9, { id: 'x', at: 8 }), applied, PAUSE_MS)}`,
      /is another one/,
    );
  });

  test('is not asked of a leader that does not hear a quorum', async () => {
    await assert.rejects(tipFault(engine(1, 4, undefined, 2_500), applied), /cut off/);
  });

  test('may have expired, where nothing was missed', async () => {
    assert.equal(await tipFault(engine(6, 5), applied), undefined);
    assert.equal(await tipFault(engine(1, 0), { place: 0, id: '', at: 0 }), undefined);
  });
});
