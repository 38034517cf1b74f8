import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { WriteAccess, type WriteDenial } from '../../static/client/room/write-access.ts';

const HOUR_MS = 3_600_000;

/** What the page shows, from what it was rendered with; time passes by the `tick`. */
function open(t: TestContext, denial?: WriteDenial, canModerate = false) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const shown: (WriteDenial | undefined)[] = [];
  const access = new WriteAccess({ denial, canModerate }, (now) => shown.push(now));
  const now = () => shown.at(-1);
  return { access, now, tick: (ms: number) => t.mock.timers.tick(ms) };
}

suite('Whether the user may write', () => {
  test('depends on a name where the room needs one: until the user has it, or moderates', (t) => {
    const { access, now } = open(t, { code: 'name-required' });
    assert.deepEqual(now(), { code: 'name-required' });
    access.setLocked(true);
    assert.deepEqual(now(), { code: 'name-required' });
    access.setNamed(true);
    assert.deepEqual(now(), { code: 'locked' });
    access.setLocked(false);
    assert.equal(now(), undefined);
    access.setNamed(false);
    assert.deepEqual(now(), { code: 'name-required' });
    access.setNameRequired(false);
    assert.equal(now(), undefined);
  });

  test('is as the page was rendered, and a mute ends when its time is over', (t) => {
    const { now, tick } = open(t, { code: 'muted', until: 1_060_000 });
    assert.deepEqual(now(), { code: 'muted', until: 1_060_000 });
    tick(59_000);
    assert.equal(now()?.code, 'muted');
    tick(1_000);
    assert.equal(now(), undefined);
  });

  test('is no for guests where they only read, unless they moderate', (t) => {
    const { access, now } = open(t, { code: 'guests-read-only' });
    assert.deepEqual(now(), { code: 'guests-read-only' });
    access.setModerator(true);
    assert.equal(now(), undefined);
    access.setModerator(false);
    access.setNamed(true);
    assert.equal(now(), undefined);
  });

  test('follows a mute that begins, becomes longer, and is lifted', (t) => {
    const { access, now, tick } = open(t);
    assert.equal(now(), undefined);
    access.setMute(1_000_000 + HOUR_MS);
    access.setMute(1_000_000 + 30 * 24 * HOUR_MS);
    for (let hour = 1; hour < 30 * 24; hour += 1) tick(HOUR_MS);
    assert.equal(now()?.code, 'muted', 'longer than a timer can be');
    tick(HOUR_MS);
    assert.equal(now(), undefined);
    access.setMute(null);
    tick(HOUR_MS);
    assert.deepEqual(now(), { code: 'muted', until: null });
    access.setMute(undefined);
    assert.equal(now(), undefined);
  });

  test('depends on the lock for all but moderators, and a mute is said first', (t) => {
    const { access, now } = open(t, { code: 'locked' });
    assert.deepEqual(now(), { code: 'locked' });
    access.setModerator(true);
    assert.equal(now(), undefined);
    access.setModerator(false);
    access.setMute(null);
    assert.equal(now()?.code, 'muted');
    access.setLocked(false);
    access.setMute(undefined);
    assert.equal(now(), undefined);
    access.setLocked(true);
    assert.equal(now()?.code, 'locked');
  });
});
