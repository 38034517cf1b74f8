import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { afterEvent, type Position } from '../../server/core/cursor.ts';
import { type Connection, Waiter } from '../../server/core/waiter.ts';
import { parseCommand } from '../../server/features/command.ts';
import { webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { ADA, openLog, postMessage, SlowConnection } from '../support/rendering.ts';

suite('A waiter whose connection is full', () => {
  test('is reset when the history is cleared, even if it has just joined', async (t) => {
    const room = await (await openLog(t)).open();
    // More than one chunk.
    for (let n = 0; n < 30; n += 1) await postMessage(room, 'x'.repeat(3_000));
    const connection = new SlowConnection();
    const waiter = new Waiter(room, connection, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    const started = waiter.start();
    await connection.full;
    assert.ok(connection.frames.length < 30);
    await room.execute({ type: 'clear-history' }, ADA);
    await postMessage(room, 'new');
    while (connection.frames.at(-1)?.type !== 'mute') {
      connection.drain();
      await connection.full;
    }
    const resetAt = connection.frames.findIndex(({ type }) => type === 'reset');
    const types = connection.frames.slice(resetAt).map(({ type }) => type);
    assert.deepEqual(types, [
      'reset',
      'system',
      'message',
      'presence-reset',
      'room-state',
      'presence-count',
      'mute',
    ]);
    room.unsubscribe(waiter);
    connection.drain();
    await started;
  });

  test('learns that a message it has was deleted, however much was posted since', async (t) => {
    const room = await (await openLog(t)).open();
    for (let n = 0; n < 30; n += 1) await postMessage(room, 'x'.repeat(3_000));
    const connection = new SlowConnection();
    const waiter = new Waiter(room, connection, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    const started = waiter.start();
    await connection.full;
    const id = connection.frames[0]?.id ?? 0;
    await Promise.all(Array.from({ length: 250 }, (_, n) => postMessage(room, `${n}`)));
    await room.execute({ type: 'delete', id }, ADA);
    while (connection.frames.at(-1)?.type !== 'mute') {
      connection.drain();
      await connection.full;
    }
    assert.ok(connection.frames.some((frame) => frame.type === 'deleted' && frame.id === id));
    const ids = connection.frames.flatMap((frame) => (frame.type === 'message' ? [frame.id] : []));
    assert.deepEqual(
      ids,
      Array.from({ length: 280 }, (_, n) => n + 1),
    );
    room.unsubscribe(waiter);
    connection.drain();
    await started;
  });

  test('gets its own votes when it is live again', async (t) => {
    const room = await (await openLog(t)).open();
    await room.execute(parseCommand({ message: '/poll "Which?" one | two' }), ADA);
    const connection = new SlowConnection();
    const waiter = new Waiter(room, connection, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    const started = waiter.start();
    await connection.full;
    await room.execute(parseCommand({ type: 'set-votes', id: 1, options: [1] }), ADA);
    while (connection.frames.at(-1)?.type !== 'vote') {
      connection.drain();
      await connection.full;
    }
    const kinds = connection.frames.map(({ type }) => type);
    assert.ok(kinds.indexOf('vote') > kinds.indexOf('presence-count'), `${kinds}`);
    room.unsubscribe(waiter);
    connection.drain();
    await started;
  });
});

test('A waiter that was live and falls behind gets the changes of all messages, of those from before it joined, too.', async () => {
  const floors: number[] = [];
  const connection: Connection = {
    write: () => true,
    whenDrained: async () => true,
    fail: (error) => assert.fail(String(error)),
    disconnect() {},
  };
  const feed = {
    epoch: 'epoch',
    end: afterEvent(9),
    historyStart: 5,
    canResume: async () => false,
    async changesAfter(_: Position, floor: number) {
      floors.push(floor);
      return { batch: undefined, through: feed.end };
    },
    messagesAfter: () => assert.fail('it is not append-only'),
    stateFrames: () => Buffer.alloc(0),
  };
  const waiter = new Waiter(feed, connection, webSocketFraming('json'), {
    who: ADA,
    passwordHash: null,
  });
  await waiter.start();
  feed.end = afterEvent(10);
  waiter.fallBehind();
  await new Promise(setImmediate);
  assert.deepEqual(floors, [5, 0]);
});
