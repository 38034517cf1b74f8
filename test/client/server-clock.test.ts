import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';

const SERVER = Date.UTC(2026, 10, 26);

/** The clock of a page of its own, on a device whose own clock is this far from the server's. */
async function openClock(t: TestContext, aheadMs: number) {
  t.mock.timers.enable({ apis: ['Date'], now: SERVER + aheadMs });
  const path = `../../static/client/connection/server-clock.ts?${t.name}`;
  return (await import(path)) as typeof import('../../static/client/connection/server-clock.ts');
}

suite('The time left in a poll', () => {
  for (const aheadMs of [-90_000, 0, 90_000]) {
    test(`is by the server’s clock, where the device is ${aheadMs / 1_000} s ahead`, async (t) => {
      const { learnTime, secondsUntil } = await openClock(t, aheadMs);
      learnTime(`${SERVER}`);
      assert.equal(secondsUntil(SERVER + 60_000), 60);
      t.mock.timers.tick(59_500);
      assert.equal(secondsUntil(SERVER + 60_000), 1);
      t.mock.timers.tick(800);
      assert.ok(Object.is(secondsUntil(SERVER + 60_000), 0), 'and never minus nothing');
      t.mock.timers.tick(90_000);
      assert.equal(secondsUntil(SERVER + 60_000), 0);
    });
  }

  test('is by the server’s message that arrived fastest', async (t) => {
    const { learnTime, serverNow } = await openClock(t, 0);
    for (const lateMs of [400, 20, 900]) learnTime(`${SERVER - lateMs}`);
    assert.equal(serverNow(), SERVER - 20);
  });

  test('follows a clock that is set meanwhile, and ignores an invalid time', async (t) => {
    const { learnTime, serverNow } = await openClock(t, 90_000);
    learnTime(undefined);
    learnTime('soon');
    assert.equal(serverNow(), SERVER + 90_000);
    for (let n = 0; n < 5; n += 1) learnTime(`${SERVER}`);
    assert.equal(serverNow(), SERVER);
    t.mock.timers.setTime(SERVER);
    for (let n = 0; n < 5; n += 1) learnTime(`${SERVER}`);
    assert.equal(serverNow(), SERVER);
  });
});
