import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refresher } from '../../static/client/remote/refresher.ts';

test('The remote is fetched once for many changes, again for later ones, and after a failure.', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let count = 0;
  const refresher = new Refresher(async () => {
    count += 1;
    if (count === 1) throw new Error('The server was not reached.');
  });
  const pass = async () => {
    await new Promise(setImmediate);
    t.mock.timers.tick(1_000);
    await new Promise(setImmediate);
  };
  for (let n = 0; n < 10; n += 1) refresher.request();
  assert.equal(count, 1);
  await pass();
  assert.equal(count, 2, 'those that came during the first are one more');
  await pass();
  await pass();
  assert.equal(count, 2);
  refresher.request();
  assert.equal(count, 3);
});
