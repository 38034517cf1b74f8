import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PresenceBroadcaster } from '../../server/core/presence-broadcaster.ts';
import { who } from '../support/events.ts';

const USERS = 60;
/** How long a user who left is still shown: the least time between two updates here. */
const GRACE_MS = 200;

suite('The presence of a room', () => {
  test('of many who leave one after the other takes few updates, not one for each', async () => {
    let updates = 0;
    const empty = Promise.withResolvers<void>();
    const presence = new PresenceBroadcaster({
      room: 'class',
      graceMs: GRACE_MS,
      message: ({ count }) => {
        if (count === 0) empty.resolve();
        return () => [];
      },
      broadcast: () => {
        updates += 1;
      },
    });
    const all = Array.from({ length: USERS }, (_, n) => presence.join(who(`user ${n}`)));
    const start = performance.now();
    for (const one of all) {
      presence.leave(one);
      await pause(1);
    }
    // Its timers do not keep the process alive.
    const alive = setInterval(() => {}, GRACE_MS);
    await empty.promise;
    clearInterval(alive);
    const most = 2 + (performance.now() - start) / GRACE_MS;
    assert.ok(updates <= most, `${updates} updates, at most ${most}`);
    presence.close();
  });
});
