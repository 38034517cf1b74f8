import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { longPolling, polling } from '../../static/client/connection/transports/polling.ts';

/** Requests of which the first is answered, and no other. */
function answerOnce(): string[] {
  const asked: string[] = [];
  globalThis.fetch = (address, init) => {
    asked.push(String(address));
    if (asked.length === 1) return Promise.resolve(new Response(''));
    return new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  };
  return asked;
}

const settled = () => new Promise(setImmediate);

suite('Polling', () => {
  before(() => Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} }));

  test('says which live reactions the page has received', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const asked: string[] = [];
    globalThis.fetch = (address) => {
      asked.push(String(address));
      const headers = { 'Live-Reactions': `${asked.length}7` };
      return Promise.resolve(new Response('', { headers }));
    };
    const open = polling({
      ...{ room: 'room', lang: 'en', onFrame() {}, onLost: () => assert.fail() },
      ...{ cursor: () => undefined, token: () => undefined },
    });
    await settled();
    t.mock.timers.tick(2_000);
    await settled();
    open.close();
    assert.deepEqual(asked, [
      '/rooms/room/messages?lang=en',
      '/rooms/room/messages?reactions=17&lang=en',
    ]);
  });
});

suite('A request that is not answered is aborted', () => {
  before(() => Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} }));

  for (const [name, way, query, withinMs] of [
    ['polling', polling, '/rooms/room/messages?lang=en', 10_000],
    ['long polling', longPolling, '/rooms/room/messages?wait=25&lang=en', 35_000],
  ] as const) {
    test(`by ${name} ${withinMs / 1_000} s after it was sent`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
      const asked = answerOnce();
      let lost = 0;
      way({
        room: 'room',
        lang: 'en',
        cursor: () => undefined,
        token: () => undefined,
        onFrame() {},
        onLost() {
          lost += 1;
        },
      });
      await settled();
      t.mock.timers.tick(2_000);
      await settled();
      assert.deepEqual(asked, ['/rooms/room/messages?lang=en', query]);
      t.mock.timers.tick(withinMs - 2_001);
      await settled();
      assert.equal(lost, 0);
      t.mock.timers.tick(2_001);
      await settled();
      assert.equal(lost, 1);
    });
  }
});
