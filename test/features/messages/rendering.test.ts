import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { afterEvent } from '../../../server/core/cursor.ts';
import { tornadoFraming, webSocketFraming } from '../../../server/transports/framing/websocket.ts';
import {
  ADA,
  countingRenderer,
  openLog,
  openWaiter,
  postMessage,
} from '../../support/rendering.ts';

const html = { type: 'en', address: 'a' } as const;
const json = { type: 'json', address: 'a' } as const;

/** More than a batch holds eight of: it is rendered to six times as much. */
const LONG = '"'.repeat(1_000);
/** Two of these renders are more than one turn of the event loop has time for. */
const SLOW_MS = 9;

/** A log of so many messages in a room that nobody is in. */
async function openHistory(t: TestContext, count: number, text = 'x') {
  const opened = await openLog(t);
  const room = await opened.open();
  await Promise.all(Array.from({ length: count }, (_, n) => postMessage(room, `${n} ${text}`)));
  return opened;
}

suite('A message', () => {
  test('is not rendered when a room is opened, nor where no waiter receives it', async (t) => {
    const { open } = await openHistory(t, 300);
    const counting = countingRenderer();
    const room = await open(counting.renderer);
    await postMessage(room, 'news');
    assert.deepEqual([counting.en, counting.json], [0, 0]);
  });

  test('is rendered once for all clients that resume before it, however few messages fit into a chunk', async (t) => {
    const { open, log } = await openHistory(t, 400, LONG);
    const counting = countingRenderer();
    const room = await open(counting.renderer);
    for (let n = 0; n < 3; n += 1) {
      const { connection, waiter } = openWaiter(room, webSocketFraming('en'));
      await waiter.start({ epoch: log.epoch, ...afterEvent(0) });
      const messages = connection.texts.filter((text) => text.startsWith('<article'));
      assert.equal(messages.length, 400);
      assert.ok(connection.maxBytes < 40 * 1024, `${connection.maxBytes} bytes at once`);
    }
    assert.equal(counting.en, 400);
    assert.equal(counting.json, 0);
  });

  test('is never rendered as HTML for JSON clients', async (t) => {
    const { open, log } = await openHistory(t, 250, LONG);
    const counting = countingRenderer();
    const room = await open(counting.renderer);
    const { connection, waiter } = openWaiter(room, webSocketFraming('json'));
    await waiter.start({ epoch: log.epoch, ...afterEvent(0) });
    await postMessage(room, 'news');
    await room.execute({ type: 'edit', id: 1, message: 'changed' }, ADA);
    await connection.until(() => connection.messages.at(-1)?.body === 'changed');
    await room.history.changesSince(undefined, json);
    await room.history.changesSince({ epoch: log.epoch, ...afterEvent(3) }, json);
    await room.history.pages.before(200, 100, json);
    await room.history.pages.after(0, 100, json);
    assert.equal(counting.en, 0);
    assert.equal(Math.max(...counting.counts('json').values()), 1);
  });

  test('that was rendered is not rendered again for a page, a poll or a projector', async (t) => {
    const { open, log } = await openHistory(t, 250);
    const counting = countingRenderer();
    const room = await open(counting.renderer);
    const { waiter } = openWaiter(room, webSocketFraming('en'));
    await waiter.start({ epoch: log.epoch, ...afterEvent(0) });
    await postMessage(room, 'news');
    assert.equal(counting.en, 251);
    await room.history.pages.latest(html);
    await room.history.pages.before(120, 100, html);
    await room.history.pages.after(7, 100, html);
    await room.history.pages.around(50, 20, html);
    await room.history.pages.byIds([3, 200, 251], html);
    await room.history.changesSince(undefined, html);
    await room.history.changesSince({ epoch: log.epoch, ...afterEvent(10) }, html);
    await openWaiter(room, tornadoFraming('en')).waiter.start();
    assert.equal(counting.en, 251);
  });

  test('that changed is rendered again, and its earlier text is in no response', async (t) => {
    const { open } = await openHistory(t, 300);
    const room = await open(countingRenderer().renderer);
    const before = await room.history.pages.before(10, 5, html);
    assert.match(before.fragments.map((fragment) => fragment.text('en')).join(''), /7 x/);
    await room.execute({ type: 'delete', id: 8 }, ADA);
    const after = await room.history.pages.before(10, 5, html);
    assert.deepEqual(
      after.fragments.map(({ id, seq }) => [id, seq]),
      [
        [5, 5],
        [6, 6],
        [7, 7],
        [8, 301],
        [9, 9],
      ],
    );
    assert.doesNotMatch(after.fragments.map((each) => each.text('en')).join(''), /7 x/);
  });
});

suite('Rendering many messages yields to the event loop between two messages', () => {
  for (const [what, read] of [
    ['for a page of the history', ({ history }) => history.pages.before(200, 100, html)],
    ['for a page around a message', ({ history }) => history.pages.around(150, 50, html)],
    ['for a page after a message', ({ history }) => history.pages.after(20, 100, json)],
    ['for the page of a room', ({ history }) => history.pages.latest(html)],
    [
      'for messages by their ids',
      ({ history }) => history.pages.byIds([1, 2, 3, 4, 5, 6, 7, 8, 9], html),
    ],
    ['for polling', ({ history }) => history.changesSince(undefined, html)],
    ['for a client that joins', (room) => openWaiter(room, webSocketFraming('en')).waiter.start()],
    ["for a client of Tornado's", (room) => openWaiter(room, tornadoFraming('en')).waiter.start()],
    [
      'for a client that resumes',
      (room) =>
        openWaiter(room, webSocketFraming('en')).waiter.start({
          epoch: room.epoch,
          ...afterEvent(0),
        }),
    ],
  ] as const satisfies [string, (room: Awaited<ReturnType<OpenRoom>>) => Promise<unknown>][]) {
    test(what, async (t) => {
      const { open } = await openHistory(t, 300);
      const counting = countingRenderer(SLOW_MS);
      await read(await open(counting.renderer));
      assert.ok(counting.en + counting.json >= 9);
      // A turn of the queue, and the part of the turn before it in the same turn of the loop.
      assert.ok(counting.maxPerTurn <= 6, `${counting.maxPerTurn} in one turn`);
    });
  }

  test('for live waiters, which receive all of it in order', async (t) => {
    const { open } = await openLog(t);
    const counting = countingRenderer(SLOW_MS);
    const room = await open(counting.renderer);
    const all = [webSocketFraming('json'), webSocketFraming('json')].map((encoding) =>
      openWaiter(room, encoding),
    );
    for (const { waiter } of all) await waiter.start();
    await Promise.all(Array.from({ length: 100 }, (_, n) => postMessage(room, `${n}`)));
    for (const { connection } of all) {
      await connection.until(() => connection.messages.length >= 100);
      assert.deepEqual(
        connection.messages.map(({ body }) => body),
        Array.from({ length: 100 }, (_, n) => `${n}`),
      );
    }
    assert.equal(counting.json, 100);
    assert.ok(counting.maxPerTurn <= 10, `${counting.maxPerTurn} in one turn`);
    await postMessage(room, 'and on');
    for (const { connection } of all)
      await connection.until(() => connection.messages.at(-1)?.body === 'and on');
  });
});

type OpenRoom = Awaited<ReturnType<typeof openLog>>['open'];

suite('What is committed while history is rendered', () => {
  for (const [what, seq] of [
    ['for a client that has just joined', undefined],
    ['for a client that resumes', 0],
  ] as const) {
    test(`${what} reaches every waiter in order`, async (t) => {
      const { open, log, store } = await openHistory(t, 300);
      const counting = countingRenderer(SLOW_MS);
      const room = await open(counting.renderer);
      const { connection, waiter } = openWaiter(room);
      let isStarted = false;
      const started = waiter
        .start(seq === undefined ? undefined : { epoch: log.epoch, ...afterEvent(seq) })
        .then(() => {
          isStarted = true;
        });
      const changes: Promise<unknown>[] = [];
      while (!isStarted && changes.length < 200) {
        const n = changes.length;
        const id = ((n * 37) % 240) + 1;
        changes.push(
          postMessage(room, `new ${n}`),
          room.execute({ type: 'edit', id, message: `changed ${n}` }, ADA),
          room.execute({ type: 'react', id: id + 1, emoji: '👍', enabled: null }, ADA),
        );
        if (n === 30) changes.push(room.execute({ type: 'delete', id: 250 }, ADA));
        await new Promise(setImmediate);
      }
      await started;
      await Promise.all(changes);
      assert.ok(changes.length > 60, `${changes.length} changes`);
      await postMessage(room, 'the last');
      await connection.until(() => connection.messages.at(-1)?.body === 'the last');
      const seqs = connection.messages.map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        seqs.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(seqs).size, seqs.length);
      const known = new Map(connection.messages.map(({ id, seq, body }) => [id, [seq, body]]));
      const { messages } = await store.queries.after('room', 0, 10_000);
      // A client that joins has the last hundred, and the others that changed meanwhile.
      const due = messages.filter(({ id }) => seq === 0 || id > 200 || known.has(id));
      assert.deepEqual(
        [...known].toSorted(([a], [b]) => a - b),
        due.map((message) => [message.id, [message.seq, message.body]]),
      );
    });
  }
});
