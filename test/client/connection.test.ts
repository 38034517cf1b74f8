import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { backoffMs } from '../../static/client/connection/connection.ts';
import { openConnection } from '../support/fake-connection.ts';

const HEARTBEAT_MS = 20_000;

suite('A connection', () => {
  test('is live once the client has caught up, over the best transport', async (t) => {
    const { connection, states, names, passTime } = openConnection(t);
    assert.equal(connection.isLive, false);
    await passTime(1);
    assert.deepEqual(states, ['connecting', 'websocket']);
    assert.equal(connection.isLive, true);
    await passTime(30_000);
    assert.deepEqual(names(), ['websocket'], 'nothing is better');
  });

  test('passes on what arrives, from the first frame on', async (t) => {
    const frames: string[] = [];
    const { last, passTime } = openConnection(t, {}, { onFrame: (html) => void frames.push(html) });
    last()?.handlers.onFrame('<div id="welcome"></div>');
    await passTime(1);
    last()?.handlers.onFrame('<article></article>');
    assert.deepEqual(
      frames.map((html) => html.slice(0, 9)),
      ['<div id="', '<div id="', '<article>'],
    );
  });

  test('is not live before the page has what it missed, nor after that if it was lost meanwhile', async (t) => {
    const calls: (() => void)[] = [];
    const { connection, states, last, passTime } = openConnection(
      t,
      {},
      { whenApplied: (call) => void calls.push(call) },
    );
    await passTime(1);
    assert.deepEqual([states, connection.isLive], [['connecting'], false]);
    last()?.lose();
    await passTime(1);
    for (const call of calls.splice(0, 1)) call();
    assert.equal(connection.isLive, false);
    for (const call of calls) call();
    assert.deepEqual(states, ['connecting', 'sse']);
  });

  test('sends over a bidirectional transport, and reports where it can’t', async (t) => {
    const { connection, attempts, network, passTime } = openConnection(t);
    await passTime(1);
    assert.equal(connection.send('one'), true);
    network.websocket = 'fails';
    connection.reconnect();
    await passTime(1);
    assert.equal(connection.send('two'), false, 'a stream brings only');
    connection.close();
    assert.equal(connection.send('three'), false);
    assert.deepEqual(
      attempts.map(({ sent }) => sent),
      [['one'], [], []],
    );
  });

  test('that is closed stays closed until it is opened', async (t) => {
    const { connection, page, states, attempts, last, passTime } = openConnection(t);
    await passTime(1);
    connection.close();
    assert.equal(last()?.isClosed, true);
    connection.reconnect();
    connection.check();
    page.goOnline();
    page.hide(false);
    await passTime(120_000);
    assert.deepEqual([states.at(-1), attempts.length], ['closed', 1]);
    connection.open();
    await passTime(1);
    assert.equal(states.at(-1), 'websocket');
  });

  test('to which the server denies access is closed, and says why', async (t) => {
    const { states, attempts, refusals, last, passTime } = openConnection(t);
    await passTime(1);
    const why = { code: 'removed', message: 'You are banned.' };
    last()?.lose(why);
    await passTime(120_000);
    assert.deepEqual(refusals, [why]);
    assert.deepEqual([states.at(-1), attempts.length], ['closed', 1]);
  });
});

suite('A transport that fails', () => {
  test('is replaced by the next one at once', async (t) => {
    const { states, names, passTime } = openConnection(t, { websocket: 'fails', sse: 'fails' });
    await passTime(1);
    assert.deepEqual(names(), ['websocket', 'sse', 'long-polling']);
    assert.deepEqual(states, ['connecting', 'long-polling']);
  });

  test('and over which nothing arrives is replaced after five seconds', async (t) => {
    const { states, names, attempts, passTime } = openConnection(t, { websocket: 'is silent' });
    await passTime(4_999);
    assert.deepEqual(names(), ['websocket']);
    await passTime(1);
    assert.deepEqual([names(), attempts[0]?.isClosed], [['websocket', 'sse'], true]);
    assert.equal(states.at(-1), 'sse');
  });

  test('is tried again after a growing delay where no other works', async (t) => {
    t.mock.method(Math, 'random', () => 1);
    const fails = 'fails';
    const all = { websocket: fails, sse: fails, 'long-polling': fails, polling: fails } as const;
    const { network, states, names, passTime } = openConnection(t, all);
    await passTime(1);
    assert.equal(names().length, 4);
    for (const [n, ms] of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
      await passTime(ms - 1);
      assert.equal(names().length, 4 * (n + 1), `not within ${ms} ms`);
      await passTime(1);
      assert.equal(names().length, 4 * (n + 2));
    }
    network.websocket = 'works';
    await passTime(30_000);
    assert.equal(states.at(-1), 'websocket');
  });

  test('soon after it was live is replaced by the next one', async (t) => {
    const { states, names, last, passTime } = openConnection(t);
    await passTime(9_000);
    last()?.lose();
    await passTime(1);
    assert.deepEqual(names(), ['websocket', 'sse']);
    assert.deepEqual(states, ['connecting', 'websocket', 'connecting', 'sse']);
  });

  test('after it was stable is tried again first: the network or the server is unavailable', async (t) => {
    t.mock.method(Math, 'random', () => 1);
    const { states, names, last, passTime } = openConnection(t);
    await passTime(1);
    await passTime(10_000);
    last()?.lose();
    assert.equal(states.at(-1), 'connecting');
    await passTime(499);
    assert.deepEqual(names(), ['websocket']);
    await passTime(1);
    assert.deepEqual(names(), ['websocket', 'websocket']);
    assert.equal(states.at(-1), 'websocket');
  });
});

suite('The connection is upgraded', () => {
  test('when a better transport works, and the other is used until then', async (t) => {
    const { network, states, attempts, names, passTime } = openConnection(t, {
      websocket: 'is silent',
    });
    await passTime(5_001);
    network.websocket = 'works';
    const [, stream] = attempts;
    await passTime(9_000);
    assert.deepEqual(names(), ['websocket', 'sse']);
    assert.equal(stream?.isClosed, false);
    await passTime(2_000);
    assert.deepEqual(names(), ['websocket', 'sse', 'websocket']);
    assert.equal(stream?.isClosed, true);
    assert.deepEqual(states, ['connecting', 'sse', 'websocket'], 'it is live all the time');
  });

  test('and is opened again like any other when it is lost after that', async (t) => {
    t.mock.method(Math, 'random', () => 1);
    const { network, states, names, last, passTime } = openConnection(t, {
      websocket: 'fails',
    });
    await passTime(1);
    network.websocket = 'works';
    await passTime(11_000);
    assert.equal(states.at(-1), 'websocket');
    await passTime(11_000);
    const before = names().length;
    const fails = 'fails';
    Object.assign(network, { websocket: fails, sse: fails, 'long-polling': fails, polling: fails });
    last()?.lose();
    assert.equal(states.at(-1), 'connecting');
    await passTime(1_000);
    assert.deepEqual(names().slice(before, before + 2), ['websocket', 'sse']);
    assert.equal(states.at(-1), 'connecting');
  });

  test('by attempts with growing delays, which do not disturb it', async (t) => {
    const { states, attempts, names, passTime } = openConnection(t, { websocket: 'fails' });
    await passTime(1);
    const stream = attempts.find(({ name }) => name === 'sse');
    const tried = () => names().filter((name) => name === 'websocket').length;
    for (const [n, ms] of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000].entries()) {
      for (let left = ms - 1_000; left > 0; left -= HEARTBEAT_MS) {
        await passTime(Math.min(left, HEARTBEAT_MS));
        stream?.heartbeat();
      }
      assert.equal(tried(), n + 1, `not before ${ms} ms`);
      await passTime(1_000);
      assert.equal(tried(), n + 2, `after ${ms} ms`);
      stream?.heartbeat();
    }
    assert.equal(stream?.isClosed, false);
    assert.deepEqual(states, ['connecting', 'sse']);
  });

  test('at once when the page is shown, or the network is back', async (t) => {
    for (const wake of ['goOnline', 'show'] as const) {
      await t.test(wake, async (nested) => {
        const { network, page, states, passTime } = openConnection(nested, { websocket: 'fails' });
        await passTime(1);
        network.websocket = 'works';
        page.hide(true);
        assert.equal(states.at(-1), 'sse', 'a page that is hidden can wait');
        if (wake === 'goOnline') page.isHidden = false;
        if (wake === 'goOnline') page.goOnline();
        else page.hide(false);
        await passTime(1);
        assert.equal(states.at(-1), 'websocket');
      });
    }
  });
});

suite('The network is back, or the page is shown again', () => {
  test('and a connection that waits to reconnect does so at once', async (t) => {
    const fails = 'fails';
    const all = { websocket: fails, sse: fails, 'long-polling': fails, polling: fails } as const;
    const { network, page, states, passTime } = openConnection(t, all);
    await passTime(60_000);
    network.websocket = 'works';
    page.goOnline();
    await passTime(1);
    assert.equal(states.at(-1), 'websocket');
  });
});

suite('The choice of a transport', () => {
  test('is respected, whether it works or not, until it is automatic again', async (t) => {
    const { connection, network, states, attempts, passTime } = openConnection(t);
    await passTime(1);
    connection.setTransport('long-polling');
    await passTime(1);
    assert.equal(states.at(-1), 'long-polling');
    network['long-polling'] = 'fails';
    connection.reconnect();
    const before = attempts.length;
    await passTime(60_000);
    assert.equal(states.at(-1), 'connecting');
    assert.ok(attempts.slice(before).every(({ name }) => name === 'long-polling'));
    connection.setTransport(undefined);
    await passTime(1);
    assert.equal(states.at(-1), 'websocket');
  });

  test('of a closed connection is used when it is opened', async (t) => {
    const { connection, states, passTime } = openConnection(t);
    await passTime(1);
    connection.close();
    connection.setTransport('polling');
    await passTime(60_000);
    assert.equal(states.at(-1), 'closed');
    connection.open();
    await passTime(1);
    assert.equal(states.at(-1), 'polling');
  });
});

suite('A connection over which nothing arrives any more', () => {
  for (const isHidden of [false, true]) {
    test(`is noticed within 45 s on a ${isHidden ? 'hidden' : 'visible'} page`, async (t) => {
      const { states, page, passTime, last } = openConnection(t);
      page.isHidden = isHidden;
      await passTime(1_000);
      for (let n = 0; n < 9; n += 1) {
        await passTime(HEARTBEAT_MS);
        last()?.heartbeat();
      }
      assert.deepEqual(states, ['connecting', 'websocket'], 'it is sound for three minutes');
      const before = last();
      await passTime(45_000);
      assert.ok(before?.isClosed);
      assert.deepEqual(states, ['connecting', 'websocket', 'connecting', 'websocket']);
    });
  }

  test('is not considered lost while a hidden page polls as rarely as its timers run', async (t) => {
    const silent = 'is silent';
    const network = { websocket: silent, sse: silent, 'long-polling': silent } as const;
    const { states, page, passTime } = openConnection(t, network);
    await passTime(16_000);
    assert.equal(states.at(-1), 'polling');
    page.isHidden = true;
    await passTime(60_000);
    assert.equal(states.at(-1), 'polling');
  });

  test('is not considered lost by a page that was suspended, until pending data could arrive', async (t) => {
    const { page, states, last, passTime } = openConnection(t);
    await passTime(1_000);
    // The machine sleeps: no timer runs, and then all of them are late.
    t.mock.timers.setTime(Date.now() + 120_000);
    page.pulse();
    last()?.heartbeat();
    await passTime(10_000);
    assert.deepEqual(states, ['connecting', 'websocket']);
  });
});

suite('A connection over which what was sent is not acknowledged', () => {
  test('falls back to the next transport at once, and shows that', async (t) => {
    const { connection, states, passTime } = openConnection(t);
    await passTime(1_000);
    connection.check();
    assert.equal(states.at(-1), 'connecting');
    await passTime(1_000);
    assert.equal(states.at(-1), 'sse');
    await passTime(11_000);
    assert.equal(states.at(-1), 'websocket', 'the better transport is tried again after a while');
  });

  test('is opened again where there is only one transport', async (t) => {
    const { connection, states, passTime } = openConnection(t);
    connection.setTransport('websocket');
    await passTime(1_000);
    connection.check();
    assert.equal(states.at(-1), 'connecting');
    await passTime(1_000);
    assert.equal(states.at(-1), 'websocket');
  });
});

test('The delay before the next attempt grows to half a minute, and differs between clients', () => {
  assert.deepEqual([backoffMs(0, 0), backoffMs(0, 1)], [250, 500]);
  assert.deepEqual([backoffMs(3, 0), backoffMs(3, 1)], [2_000, 4_000]);
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
      const wait = backoffMs(failures, chance);
      assert.ok(wait >= 250 && wait <= 30_000);
      assert.ok(failures < 6 || wait >= 15_000);
    }),
  );
});
