import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { keepScreenOn } from '../../static/client/projector/wake-lock.ts';

/** A page in a browser that has wake locks, or not. */
function openPage(t: TestContext, wakeLock?: { request(type: string): Promise<unknown> }) {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { wakeLock }, configurable: true });
  Object.assign(globalThis, { document: page });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
  });
  return {
    hide(hidden: boolean) {
      page.hidden = hidden;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

suite('The projector’s wake lock', () => {
  test('is requested at the start, and again whenever the page is shown', (t) => {
    const asked: string[] = [];
    const { hide } = openPage(t, { request: async (type) => asked.push(type) });
    keepScreenOn();
    assert.deepEqual(asked, ['screen']);
    hide(true);
    assert.deepEqual(asked, ['screen']);
    hide(false);
    assert.deepEqual(asked, ['screen', 'screen']);
  });

  test('causes no error where the browser denies it or has none', async (t) => {
    openPage(t, { request: () => Promise.reject(new Error('battery')) });
    keepScreenOn();
    await new Promise(setImmediate);
    openPage(t);
    keepScreenOn();
  });
});
