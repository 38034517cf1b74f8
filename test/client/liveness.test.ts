import assert from 'node:assert/strict';
import { mock, suite, type TestContext, test } from 'node:test';
import { Connection, type ConnectionState } from '../../static/client/connection/connection.ts';
import { ackTimeoutMs, Outbox, type Posted } from '../../static/client/connection/outbox.ts';
import type { TransportEntry } from '../../static/client/connection/transports.ts';

const LIVE = '<div id="synced" data-cursor="a.1"></div>';
const BEAT_MS = 20_000;

/** A page, as far as a line asks for one. */
const page = { hidden: false, addEventListener() {}, querySelector: () => null };
Object.assign(globalThis, { document: page, addEventListener() {} });

type Name = TransportEntry['name'];

/** A line over ways that do what the test says, with a clock of the test. */
function openLine(t: TestContext, { hidden = false, barred = [] as readonly Name[] } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  t.after(() => mock.reset());
  page.hidden = hidden;
  const states: ConnectionState[] = [];
  const open: { name: Name; hear: () => void; isClosed: boolean }[] = [];
  const ladder = (['websocket', 'sse', 'long-polling', 'polling'] as const).map((name) => ({
    name,
    open(listener: Parameters<TransportEntry['open']>[0]) {
      const way = { name, hear: () => listener.onFrame(LIVE), isClosed: false };
      open.push(way);
      if (!barred.includes(name)) queueMicrotask(way.hear);
      return {
        close() {
          way.isClosed = true;
        },
      };
    },
  }));
  const line = new Connection(
    {
      room: 'room',
      cursor: () => undefined,
      token: () => undefined,
      onFrame() {},
      onState: (state) => void states.push(state),
      onRefused: () => assert.fail('refused'),
    },
    ladder,
  );
  line.open();
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      t.mock.timers.tick(Math.min(1_000, left));
      await Promise.resolve();
    }
  };
  return { line, states, pass, last: () => open.at(-1), beat: () => open.at(-1)?.hear() };
}

suite('A line over which nothing comes any more', () => {
  for (const hidden of [false, true]) {
    test(`is noticed within 45 s on a ${hidden ? 'hidden' : 'visible'} page`, async (t) => {
      const { states, pass, beat, last } = openLine(t, { hidden });
      await pass(1_000);
      assert.deepEqual(states, ['connecting', 'websocket']);
      for (let n = 0; n < 9; n += 1) {
        await pass(BEAT_MS);
        beat();
      }
      assert.deepEqual(states, ['connecting', 'websocket'], 'it is sound for three minutes');
      const before = last();
      await pass(45_000);
      assert.ok(before?.isClosed);
      assert.deepEqual(states, ['connecting', 'websocket', 'connecting', 'websocket']);
    });
  }

  test('is not taken for lost while a hidden page polls as seldom as it may', async (t) => {
    const barred = ['websocket', 'sse', 'long-polling'] as const;
    const { states, pass } = openLine(t, { barred });
    await pass(16_000);
    assert.equal(states.at(-1), 'polling');
    page.hidden = true;
    await pass(60_000);
    assert.equal(states.at(-1), 'polling');
  });
});

suite('A line over which what was sent is not answered', () => {
  test('is left for the next way at once, and its state is shown', async (t) => {
    const { line, states, pass } = openLine(t);
    await pass(1_000);
    line.check();
    assert.equal(states.at(-1), 'connecting');
    await pass(1_000);
    assert.equal(states.at(-1), 'sse');
    await pass(11_000);
    assert.equal(states.at(-1), 'websocket', 'the better way is tried again after a while');
  });

  test('is tried again where there is one way alone', async (t) => {
    const { line, states, pass } = openLine(t);
    line.setTransport('websocket');
    await pass(1_000);
    line.check();
    assert.equal(states.at(-1), 'connecting');
    await pass(1_000);
    assert.equal(states.at(-1), 'websocket');
  });
});

/** An outbox whose line and requests answer when the test says so. */
function openOutbox(t: TestContext, isSocket: boolean) {
  sessionStorage.clear();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let unanswered = 0;
  let sent: string | undefined;
  const posted: Posted = 'said';
  const outbox = new Outbox({
    room: 'room',
    isLive: () => true,
    uid: () => 'me',
    send(text) {
      sent = JSON.parse(text).cid;
      return isSocket;
    },
    post: async () => posted,
    onUnanswered() {
      unanswered += 1;
    },
    onChange() {},
    onStranded() {},
  });
  return { outbox, sent: () => sent, unanswered: () => unanswered };
}

suite('What is sent', () => {
  for (const isSocket of [true, false]) {
    const how = isSocket ? 'over the line' : 'by a request';
    test(`${how} and does not come back for 5 s is told of`, async (t) => {
      const { outbox, unanswered } = openOutbox(t, isSocket);
      outbox.enqueue({ message: 'hello' });
      await new Promise(setImmediate);
      t.mock.timers.tick(4_999);
      assert.equal(unanswered(), 0);
      t.mock.timers.tick(1);
      assert.equal(unanswered(), 1);
    });

    test(`${how} and comes back is not told of`, async (t) => {
      const { outbox, sent, unanswered } = openOutbox(t, isSocket);
      outbox.enqueue({ message: 'hello' });
      await new Promise(setImmediate);
      t.mock.timers.tick(4_000);
      outbox.acknowledge(sent());
      t.mock.timers.tick(60_000);
      assert.equal(unanswered(), 0);
    });
  }

  test('by a request that is never answered is given up for another when the line is new', async (t) => {
    sessionStorage.clear();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const posts: { cid: string; signal: AbortSignal; end: (posted: Posted) => void }[] = [];
    const outbox = new Outbox({
      room: 'room',
      isLive: () => true,
      uid: () => 'me',
      send: () => false,
      post: ({ cid }, signal) => new Promise((end) => posts.push({ cid, signal, end })),
      onUnanswered() {},
      onChange() {},
      onStranded() {},
    });
    outbox.enqueue({ message: 'hello' });
    outbox.resume();
    const [lost, next] = posts;
    assert.deepEqual([posts.length, lost?.cid === next?.cid], [2, true]);
    assert.deepEqual([lost?.signal.aborted, next?.signal.aborted], [true, false]);
    lost?.end('unreached');
    await new Promise(setImmediate);
    t.mock.timers.tick(60_000);
    assert.equal(posts.length, 2, 'the end of the one is not that of the other');
    outbox.acknowledge(next?.cid);
    assert.equal(next?.signal.aborted, false, 'what came back before its answer is left to end');
  });

  test('is waited for longer each time, so that a slow server is not asked ever more', () => {
    assert.deepEqual([0, 1, 2, 3, 9].map(ackTimeoutMs), [5_000, 10_000, 20_000, 40_000, 40_000]);
  });
});
