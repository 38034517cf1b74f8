import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DEFAULT_SERVER_SETTINGS } from '../../server/auth/server-settings.ts';
import { afterEvent, type Cursor, isBefore, type Position } from '../../server/core/cursor.ts';
import type { RoomHistory } from '../../server/core/room-history.ts';
import { Waiter } from '../../server/core/waiter.ts';
import { MembershipWriter } from '../../server/features/memberships/membership-writer.ts';
import { Renderer } from '../../server/features/messages/renderer.ts';
import { ChatRoom } from '../../server/features/rooms/chat-room.ts';
import { webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { join } from '../support/client.ts';
import { posted } from '../support/events.ts';
import { post } from '../support/listeners.ts';
import { ADA, openLog, postMessage, Recorder } from '../support/rendering.ts';
import { openApp } from '../support/server.ts';

const reader = { type: 'json', address: 'a' } as const;
const inRoom = (body: string) => ({ ...posted(body), room: 'room' });

/** The ids that a client gets after a cursor, in as many responses as needed. */
async function idsAfter(history: RoomHistory, after: Cursor): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let position: Position = after, isMore = true; isMore; ) {
    const { batch, through } = await history.changesAfter(position, 0, reader);
    ids.push(...(batch?.fragments ?? []).map(({ id }) => id));
    isMore = isBefore(position, through);
    position = through;
  }
  return ids;
}

/** The same, for posted messages. */
async function postedAfter(history: RoomHistory, from: number): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let id = from; id < history.end.seq; ) {
    const { batch, through } = await history.messagesAfter(id, reader);
    ids.push(...(batch?.fragments ?? []).map((fragment) => fragment.id));
    id = through.seq;
  }
  return ids;
}

const upTo = (last: number, first: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

suite('A client that catches up', () => {
  test('gets every message at the edge of the recent changes, exactly once', async (t) => {
    const { open } = await openLog(t);
    for (const isReopened of [false, true]) {
      const room = await open();
      if (!isReopened) for (let n = 0; n < 250; n += 1) await postMessage(room, `${n}`);
      // Changes after 50, and messages after 150, are in memory.
      for (const seq of [48, 49, 50, 51, 52]) {
        const ids = await idsAfter(room.history, { epoch: room.epoch, ...afterEvent(seq) });
        assert.deepEqual(ids, upTo(250, seq + 1), `changes after ${seq}`);
      }
      for (const id of [148, 149, 150, 151, 152]) {
        const ids = await postedAfter(room.history, id);
        assert.deepEqual(ids, upTo(250, id + 1), `posts after ${id}`);
      }
    }
  });

  test('gets a change that is committed and not yet published with its batch, not before', async (t) => {
    const { open, store } = await openLog(t);
    const room = await open();
    for (let n = 0; n < 250; n += 1) await postMessage(room, `${n}`);
    await store.append([inRoom('not announced')], 0);
    assert.deepEqual(
      await idsAfter(room.history, { epoch: room.epoch, ...afterEvent(0) }),
      upTo(250, 1),
    );
    assert.deepEqual(await postedAfter(room.history, 0), upTo(250, 1));
  });

  test('gets a change committed while its room was being opened exactly once', async (t) => {
    const { open, log, store } = await openLog(t);
    const room = new ChatRoom('room', {
      ...{ log, store, renderer: new Renderer(), graceMs: 0 },
      serverSettings: () => DEFAULT_SERVER_SETTINGS,
      memberships: new MembershipWriter(log),
    });
    log.onCommit((batch) => room.apply(batch));
    const opened = Promise.withResolvers<void>();
    const { settings } = store.queries;
    t.mock.method(store.queries, 'settings', async (name: string) => {
      await opened.promise;
      return settings(name);
    });
    // The first change is read from the store, too; the second is not.
    const first = log.append(inRoom('first'));
    await new Promise(setImmediate);
    const opening = room.open();
    await first;
    await new Promise(setImmediate);
    await log.append(inRoom('second'));
    opened.resolve();
    await opening;
    const connection = new Recorder();
    const waiter = new Waiter(room, connection, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    await waiter.start();
    await log.append(inRoom('third'));
    assert.deepEqual(
      connection.messages.map(({ body }) => body),
      ['first', 'second', 'third'],
    );
    assert.deepEqual(
      await idsAfter(room.history, { epoch: room.epoch, ...afterEvent(0) }),
      [1, 2, 3],
    );
    assert.equal((await open()).end.seq, 3);
  });
});

suite('A client that cannot be served', () => {
  for (const when of ['as it joins', 'later']) {
    test(`is disconnected ${when}, after a limited time`, async (t) => {
      const room = await (await openLog(t)).open();
      const connection = new Recorder();
      const failed = t.mock.method(connection, 'fail', () => {});
      const waiter = new Waiter(room, connection, webSocketFraming('json'), {
        who: ADA,
        passwordHash: null,
      });
      room.subscribe(waiter);
      if (when === 'later') await waiter.start();
      const error = new Error('cannot be read');
      t.mock.method(room, 'changesAfter', () => Promise.reject(error));
      const drained = Promise.withResolvers<boolean>();
      t.mock.method(connection, 'whenDrained', () => drained.promise);
      if (when === 'later') waiter.fallBehind();
      await postMessage(room, 'missed');
      drained.resolve(true);
      if (when === 'as it joins') await waiter.start();
      while (failed.mock.callCount() === 0) await new Promise(setImmediate);
      assert.deepEqual(failed.mock.calls[0]?.arguments, [error]);
    });
  }

  test('has its connection closed, over WebSocket and over HTTP', async (t) => {
    const { url, port } = await openApp(t);
    await post(port, 'broken', 'one');
    t.mock.method(ChatRoom.prototype, 'changesAfter', () =>
      Promise.reject(new Error('unreadable')),
    );
    const client = await join(t, port, '/rooms/broken/live');
    assert.equal(await client.closed, 1011);
    const read = async () => (await fetch(`${url}/rooms/broken/events`)).text();
    await assert.rejects(read());
  });
});
