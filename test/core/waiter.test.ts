import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Waiter } from '../../server/core/waiter.ts';
import { parseCommand } from '../../server/features/command.ts';
import { webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { ADA, NarrowConnection, openLog, say } from '../support/rendering.ts';

suite('A waiter whose sink is full', () => {
  test('as the room is cleared begins anew, though it has just come', async (t) => {
    const room = await (await openLog(t)).open();
    // More than one piece.
    for (let n = 0; n < 30; n += 1) await say(room, 'x'.repeat(3_000));
    const sink = new NarrowConnection();
    const waiter = new Waiter(room, sink, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    const started = waiter.start();
    await sink.full;
    assert.ok(sink.received.length < 30);
    await room.execute({ type: 'clear-history' }, ADA);
    await say(room, 'anew');
    while (sink.received.at(-1)?.type !== 'presence-count') {
      sink.drain();
      await sink.full;
    }
    const gap = sink.received.findIndex(({ type }) => type === 'reset');
    const told = sink.received.slice(gap).map(({ type }) => type);
    assert.deepEqual(told, [
      'reset',
      'system',
      'message',
      'presence-reset',
      'room-state',
      'presence-count',
    ]);
    room.unsubscribe(waiter);
    sink.drain();
    await started;
  });

  test('hears that what it was given was taken away, however much came since', async (t) => {
    const room = await (await openLog(t)).open();
    for (let n = 0; n < 30; n += 1) await say(room, 'x'.repeat(3_000));
    const sink = new NarrowConnection();
    const waiter = new Waiter(room, sink, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    const started = waiter.start();
    await sink.full;
    const id = sink.received[0]?.id ?? 0;
    await Promise.all(Array.from({ length: 250 }, (_, n) => say(room, `${n}`)));
    await room.execute({ type: 'delete', id }, ADA);
    while (sink.received.at(-1)?.type !== 'presence-count') {
      sink.drain();
      await sink.full;
    }
    assert.ok(sink.received.some((one) => one.type === 'deleted' && one.id === id));
    const ids = sink.received.flatMap((one) => (one.type === 'message' ? [one.id] : []));
    assert.deepEqual(
      ids,
      Array.from({ length: 280 }, (_, n) => n + 1),
    );
    room.unsubscribe(waiter);
    sink.drain();
    await started;
  });

  test('is told of its own votes when it is level again', async (t) => {
    const room = await (await openLog(t)).open();
    await room.execute(parseCommand({ message: '/poll "Which?" one | two' }), ADA);
    const sink = new NarrowConnection();
    const waiter = new Waiter(room, sink, webSocketFraming('json'), {
      who: ADA,
      passwordHash: null,
    });
    room.subscribe(waiter);
    const started = waiter.start();
    await sink.full;
    await room.execute(parseCommand({ type: 'set-votes', id: 1, options: [1] }), ADA);
    while (sink.received.at(-1)?.type !== 'vote') {
      sink.drain();
      await sink.full;
    }
    const kinds = sink.received.map(({ type }) => type);
    assert.ok(kinds.indexOf('vote') > kinds.indexOf('presence-count'), `${kinds}`);
    room.unsubscribe(waiter);
    sink.drain();
    await started;
  });
});
