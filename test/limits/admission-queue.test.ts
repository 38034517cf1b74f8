import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AdmissionQueue } from '../../server/limits/admission-queue.ts';

/** What is ready to go on has gone on, in this turn. */
const settled = () => new Promise<void>((resolve) => process.nextTick(() => resolve()));

suite('Turns', () => {
  test('let a few through in a turn of the event loop, in their order, and come to an end', async () => {
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
    // Whoever comes alone goes through at once.
    await new Promise(setImmediate);
    let isThrough = false;
    void turns.admit('one').then(() => {
      isThrough = true;
    });
    await settled();
    assert.ok(isThrough);
  });

  test('come to each address as often, however much one of them asks for', async () => {
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
