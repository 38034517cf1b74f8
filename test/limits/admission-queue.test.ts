import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AdmissionQueue } from '../../server/limits/admission-queue.ts';

/** Runs everything that is ready to go on in this turn. */
const settled = () => new Promise<void>((resolve) => process.nextTick(() => resolve()));

suite('The admission queue', () => {
  test('admits a few per turn of the event loop, in their order, and empties', async () => {
    const turns = new AdmissionQueue();
    const through: number[] = [];
    const all = Array.from({ length: 1_000 }, async (_, n) => {
      await turns.admit('one');
      through.push(n);
    });
    await settled();
    const inTurns = [through.length];
    while (through.length < all.length) {
      const before = through.length;
      await new Promise(setImmediate);
      inTurns.push(through.length - before);
    }
    assert.deepEqual(through, [...all.keys()]);
    assert.ok(Math.max(...inTurns) <= 16, `${inTurns}`);
    await Promise.all(all);
    // A single request is admitted at once.
    await new Promise(setImmediate);
    let isThrough = false;
    void turns.admit('one').then(() => {
      isThrough = true;
    });
    await settled();
    assert.ok(isThrough);
  });

  test('admits each address equally often, however many requests one of them has', async () => {
    const turns = new AdmissionQueue();
    const through: string[] = [];
    const take = async (address: string) => {
      await turns.admit(address);
      through.push(address);
    };
    const all = [...Array(1_000).fill('much'), 'little', 'some', 'some'].map(take);
    await settled();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.deepEqual(through.filter((address) => address !== 'much').sort(), [
      'little',
      'some',
      'some',
    ]);
    await Promise.all(all);
    assert.equal(through.length, all.length);
  });
});
