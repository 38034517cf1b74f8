import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import {
  ConnectionRegistry,
  type RegisteredConnection,
} from '../../server/transports/connection-registry.ts';
import { type Client, join } from '../support/client.ts';
import { freezeClock } from '../support/clock.ts';
import { openApp } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';
import { createGuest, outcome, signIn, type TestUser } from '../support/test-user.ts';
import { waitWhile } from '../support/wait-while.ts';
import { OPCODE, RawClient } from '../support/wire.ts';

const LIMITED = { rateLimits: true, trustProxy: 1 } as const;
const HOME = { address: '192.0.2.1' } as const;
const ROOM = '/rooms/room/live';

/** That many connections of one user. */
function connect(t: TestContext, guest: TestUser, count: number): Promise<readonly Client[]> {
  return Promise.all(Array.from({ length: count }, () => guest.join(t, ROOM, ['json'])));
}

/** That many users of an address, each with a connection. */
async function gather(t: TestContext, port: number, count: number): Promise<readonly Client[]> {
  const headers = { 'X-Forwarded-For': HOME.address };
  return Promise.all(
    Array.from({ length: count }, () => join(t, port, ROOM, { protocols: ['json'], headers })),
  );
}

/**
 * Posts that many messages on each connection, and waits for all responses. Returns those posted.
 */
async function postAll(clients: readonly Client[], each: number): Promise<number> {
  const counts = await Promise.all(
    clients.map(async (client) => {
      const cids = Array.from({ length: each }, () => randomUUID());
      for (const cid of cids) client.post(cid, cid);
      const answered = (type: string) =>
        client.frames
          .map((frame) => JSON.parse(frame))
          .filter((event) => event.type === type && cids.includes(event.cid)).length;
      await client.until(() => answered('message') + answered('error') >= each);
      return answered('message');
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

suite('The send limit of a user', () => {
  test('is shared by all connections', async (t) => {
    const { port } = await openApp(t, LIMITED);
    const ann = await createGuest(port, HOME);
    freezeClock(t);
    assert.equal(await postAll(await connect(t, ann, 30), 2), 20);
    const other = await createGuest(port, { address: '192.0.2.2' });
    assert.equal(await postAll(await connect(t, other, 1), 2), 2);
  });

  test('is shared by connections, messages, forms with files and everything else that is posted', async (t) => {
    const { port } = await openApp(t, LIMITED);
    const ann = await createGuest(port, HOME);
    freezeClock(t);
    assert.equal(await postAll(await connect(t, ann, 2), 8), 16);
    assert.equal(await outcome(ann.postMessage('room', 'one')), '201');
    assert.equal(await outcome(ann.command('room', { type: 'presence' })), '200');
    const form = new FormData();
    form.set('message', 'two');
    const multipart = () =>
      fetch(`http://127.0.0.1:${port}/rooms/room/messages`, {
        method: 'POST',
        headers: { ...ann.headers, Accept: 'application/json' },
        body: form,
      });
    assert.equal(await outcome(multipart()), '201');
    const [client] = await connect(t, ann, 1);
    client?.send('{"type":"typing"}');
    assert.equal(client && (await postAll([client], 1)), 0);
    for (const refused of [
      multipart(),
      ann.postMessage('room', 'x'),
      ann.command('room', { type: 'presence' }),
    ]) {
      assert.equal(await outcome(refused), '429 rate-limited');
    }
    const same = await createGuest(port, HOME);
    assert.equal(await outcome(same.postMessage('room', 'from the same address')), '201');
  });

  test('closes each connection that exceeds it by too much', async (t) => {
    const { port } = await openApp(t, LIMITED);
    const ann = await createGuest(port, HOME);
    freezeClock(t);
    const clients = await connect(t, ann, 10);
    // Twenty are accepted and fifty rejected: what follows is a flood.
    assert.equal(await postAll(clients, 7), 20);
    for (const client of clients) {
      client.post('once more');
      assert.equal(await client.closed, 1008);
      assert.equal(JSON.parse(client.frames.at(-1) ?? '').code, 'rate-limit-disconnect');
    }
  });

  for (const [what, opcode] of [
    ['pings', OPCODE.ping],
    ['unsolicited pongs', OPCODE.pong],
  ] as const) {
    test(`counts ${what}`, async (t) => {
      const { port } = await openApp(t, LIMITED);
      const ann = await createGuest(port, HOME);
      const protocols = `html, ${ann.protocol}`;
      const raw = await RawClient.open(t, port, ROOM, { 'Sec-WebSocket-Protocol': protocols });
      await raw.head();
      freezeClock(t);
      for (let n = 0; n < 71; n += 1) raw.send(opcode, '');
      assert.equal(await raw.closeCode(), 1008);
      assert.equal(await outcome(ann.postMessage('room', 'x')), '429 rate-limited');
    });
  }

  test('does not count pongs that the server asks for', async (t) => {
    const { port } = await openApp(t, LIMITED);
    const sockets = serverSockets(t);
    const { add } = ConnectionRegistry.prototype;
    const streams: RegisteredConnection[] = [];
    t.mock.method(
      ConnectionRegistry.prototype,
      'add',
      function counted(this: ConnectionRegistry, stream: RegisteredConnection) {
        streams.push(stream);
        add.call(this, stream);
      },
    );
    const clients = await gather(t, port, 1);
    freezeClock(t);
    const [socket] = sockets;
    for (let n = 0; n < 100; n += 1) {
      const before = socket?.bytesRead;
      streams[0]?.heartbeat();
      await waitWhile(() => socket?.bytesRead === before);
    }
    assert.equal(await postAll(clients, 5), 5);
  });
});

suite('The send limit of an address', () => {
  test('lets 300 users send at once, and a moderator when it is used up', async (t) => {
    const { port } = await openApp(t, LIMITED);
    freezeClock(t);
    const ann = await signIn(port, 'Ann', HOME);
    assert.equal(await outcome(ann.createRoom('room')), '201');
    const other = await createGuest(port, HOME);
    const people = await gather(t, port, 300);
    assert.equal(await postAll(people, 1), 300);
    // It is one for all of them, over connections and HTTP: two were sent before.
    assert.equal(await postAll(people.slice(0, 15), 10), 98);
    assert.equal(await outcome(other.postMessage('room', 'x')), '429 rate-limited');
    for (const client of people) assert.equal(client.ws.readyState, client.ws.OPEN);

    const own = await ann.live(t, 'room');
    const id = own.frames
      .map((frame) => JSON.parse(frame))
      .find(({ type }) => type === 'message').id;
    own.send(JSON.stringify({ type: 'delete', id }));
    await own.until((frames) => frames.some((frame) => JSON.parse(frame).type === 'deleted'));
    assert.equal(await outcome(ann.command('room', { type: 'clear-history' })), '200');
    const elsewhere = await createGuest(port, { address: '192.0.2.2' });
    assert.equal(await outcome(elsewhere.postMessage('room', 'from elsewhere')), '201');
    const inAnother = ann.postMessage('another-room', 'x');
    assert.equal(
      await outcome(inAnother),
      '429 rate-limited',
      'she does not moderate another room',
    );
  });
});
