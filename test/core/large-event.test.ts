import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { parseCursor } from '../../server/core/cursor.ts';
import { Waiter } from '../../server/core/waiter.ts';
import type { ChatRoom } from '../../server/features/rooms/chat-room.ts';
import { sseFraming } from '../../server/transports/framing/sse.ts';
import { webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { edited, posted } from '../support/events.ts';
import {
  openLog,
  openWaiter,
  postMessage,
  Recorder,
  SlowConnection,
} from '../support/rendering.ts';

const REPLIES = 200;
const READER = { type: 'json', address: 'an address' } as const;
/** The messages that the edit changes, in order. */
const CHANGED = Array.from({ length: REPLIES + 1 }, (_, n) => n + 1);
/** The seq of the edit. */
const SEQ = REPLIES + 2;

/** A room with a message and the maximum number of replies that quote it. */
async function openReplies(t: TestContext) {
  const { log, open } = await openLog(t);
  await log.append({ ...posted('question'), room: 'room' });
  const reply = { ...posted('answer'), room: 'room', reply: 1 };
  await Promise.all(Array.from({ length: REPLIES }, () => log.append(reply)));
  const edit = () => log.append({ ...edited(1, 'another question'), room: 'room' });
  return { log, open, edit };
}

/** What a polling client receives after a cursor: the ids, and the intermediate cursors. */
async function poll(room: ChatRoom, from: string) {
  const ids: number[] = [];
  const cursors: string[] = [];
  for (let cursor = from; ; ) {
    const {
      isReset,
      fragments,
      cursor: next,
    } = await room.history.changesSince(parseCursor(cursor), READER);
    assert.equal(isReset, false);
    ids.push(...fragments.map(({ id }) => id));
    if (next === cursor) return { ids, cursors };
    cursors.push(next);
    cursor = next;
  }
}

suite('An event that changes 201 messages', () => {
  for (const [where, later] of [
    ['is partly in memory', 0],
    ['is in the store', 250],
  ] as const) {
    test(`has one seq, and is resumed from anywhere within it, when it ${where}`, async (t) => {
      const { log, open, edit } = await openReplies(t);
      const live = await open();
      const { change } = await edit();
      assert.equal(change.seq, SEQ);
      assert.equal(log.head, SEQ);
      for (let n = 0; n < later; n += 1) await postMessage(live, 'more');
      const posts = Array.from({ length: later }, (_, n) => SEQ + 1 + n);
      // One room has received the event; the other reads it from the store.
      for (const room of [live, await open()]) {
        const { ids, cursors } = await poll(room, `${log.epoch}.${SEQ - 1}`);
        assert.deepEqual(ids, [...CHANGED, ...posts]);
        assert.equal(cursors.at(-1), `${log.epoch}.${SEQ + later}`);
        const within = cursors.filter((cursor) => cursor.startsWith(`${log.epoch}.${SEQ}.`));
        assert.ok(within.length > 0, 'a response ended within the event');
        for (const id of [1, 2, 64, 65, 128, REPLIES, REPLIES + 1]) {
          const rest = await poll(room, `${log.epoch}.${SEQ}.${id}`);
          assert.deepEqual(rest.ids, [...CHANGED.slice(id), ...posts], `after ${id}`);
        }
        assert.deepEqual((await poll(room, `${log.epoch}.${SEQ}`)).ids, posts);
      }
    });
  }

  test('sends each message once to a connection that is full after each write', async (t) => {
    const { open, edit } = await openReplies(t);
    const room = await open();
    const connection = new SlowConnection();
    const waiter = new Waiter(
      room,
      connection,
      webSocketFraming('json'),
      openWaiter(room).waiter.admission,
    );
    room.subscribe(waiter);
    const started = waiter.start(parseCursor(`${room.epoch}.${SEQ - 1}`));
    await connection.full;
    await edit();
    // The user's own mute is the end of the state, after the messages.
    while (connection.frames.at(-1)?.type !== 'mute') {
      connection.drain();
      await connection.full;
    }
    assert.deepEqual(
      connection.messages.map(({ id }) => id),
      CHANGED,
    );
    room.unsubscribe(waiter);
    connection.drain();
    await started;
  });

  test('has in each server-sent event the cursor from which the rest of it follows', async (t) => {
    const { open, edit } = await openReplies(t);
    const room = await open();
    const events: string[] = [];
    const recorder = new Recorder();
    recorder.write = (frames) => {
      events.push(...frames.toString().split('\n\n'));
      return true;
    };
    const { admission } = openWaiter(room).waiter;
    const waiter = new Waiter(room, recorder, sseFraming('json'), admission);
    room.subscribe(waiter);
    await waiter.start(parseCursor(`${room.epoch}.${SEQ - 1}`));
    await edit();
    const ids = events.flatMap(
      (event) => /^id: (\S+)\ndata: \{"type":"message"/.exec(event)?.[1] ?? [],
    );
    assert.deepEqual(
      ids,
      CHANGED.map((id) => `${room.epoch}.${SEQ}.${id}`),
    );
    assert.deepEqual((await poll(room, ids[99] ?? '')).ids, CHANGED.slice(100));
  });
});
