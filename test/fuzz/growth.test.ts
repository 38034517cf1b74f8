import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { queryObjects } from 'node:v8';
import fc from 'fast-check';
import { ChatRoom } from '../../server/features/rooms/chat-room.ts';
import { Bystander } from '../support/bystander.ts';
import { hostileFrame } from '../support/frames.ts';
import { hostileBytes } from '../support/mutants.ts';
import { closed, joinShort, SHORT_TIMEOUTS, sendRaw } from '../support/raw-bytes.ts';
import { MAX_REUSED, retained } from '../support/retained.ts';
import { runs } from '../support/runs.ts';
import { openApp } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';
import { upgradeRequest } from '../support/wire.ts';

/** The empty rooms that are cached, and those in use here. */
const MAX_ROOMS = 100 + 2;

/** A client in its own room: over a WebSocket, where it then violates the protocol. */
const socket = fc
  .tuple(
    fc.uuid().chain((room) => fc.constantFrom(`/chat?room=${room}`, `/rooms/${room}/live`)),
    fc.array(hostileFrame, { maxLength: 3 }),
  )
  .map(([path, frames]) => {
    const { request } = upgradeRequest(1, path);
    return Buffer.concat([Buffer.from(request), ...frames.map(({ bytes }) => bytes)]);
  });

/** Or over SSE or long polling, and then with several requests. */
const stream = fc
  .tuple(fc.uuid(), fc.constantFrom('events', 'messages?wait=60'), fc.integer({ min: 1, max: 3 }))
  .map(([room, endpoint, times]) =>
    Buffer.from(`GET /rooms/${room}/${endpoint} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(times)),
  );

suite('After thousands of clients', () => {
  test('no socket, waiter or request is left, and only as many rooms as are cached', async (t) => {
    // Of other tests in this process.
    const others = queryObjects(ChatRoom, { format: 'count' });
    const { port } = await openApp(t, {}, SHORT_TIMEOUTS);
    const bystander = await joinShort(() => Bystander.join(t, port, 'bystander'));
    await sendRaw(port, Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    const held = retained(t);
    const sockets = serverSockets(t);
    const clients = fc.array(fc.tuple(fc.oneof(socket, stream, hostileBytes), fc.boolean()), {
      minLength: 400,
      maxLength: 400,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(clients, async (all) => {
        await Promise.all(all.map(([bytes, ends]) => sendRaw(port, bytes, ends)));
      }),
      { numRuns: runs(5), endOnFailure: true },
    );
    await Promise.all(sockets.map(closed));
    sockets.length = 0;
    assert.deepEqual(await bystander.postAndReceive(), []);
    assert.ok(held.made >= 3_000, `${held.made} were made`);
    const left = await held.aliveCount();
    assert.ok(left <= MAX_REUSED, `${left} of ${held.made} are left`);
    // A room is evicted when the next one is opened.
    await joinShort(() => Bystander.join(t, port, 'the-next'));
    assert.ok(queryObjects(ChatRoom, { format: 'count' }) <= others + MAX_ROOMS);
  });
});
