import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { duplexPair } from 'node:stream';
import { after, suite, type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { Counters } from '../../server/core/counters.ts';
import { encodeOnce } from '../../server/core/encoded-frames.ts';
import { type ChangeFeed, type Connection, Waiter } from '../../server/core/waiter.ts';
import type { ChatRoom } from '../../server/features/rooms/chat-room.ts';
import type { SendLimits } from '../../server/limits/send-limits.ts';
import { ChatHandler } from '../../server/transports/chat-handler.ts';
import { ConnectionRegistry } from '../../server/transports/connection-registry.ts';
import { sseFraming } from '../../server/transports/framing/sse.ts';
import { webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { SseConnection } from '../../server/transports/sse.ts';
import { ADA, openLog } from '../support/rendering.ts';
import { createUser } from '../support/users.ts';
import { clientFrame, OPCODE, readFrame, upgradeRequest } from '../support/wire.ts';

const KIB = 1024;
/** The bytes that a server's socket buffers before it signals back-pressure. */
const SOCKET_BYTES = 32 * KIB;
const MEMBERS = 150;
/** More than half a second: presence is sent at most that often. */
const UPDATE_MS = 600;

const parts = {
  user: ADA,
  admission: { who: ADA, passwordHash: null },
  connections: new ConnectionRegistry({
    beatMs: 2 ** 30,
    sessions: { hasEnded: () => false, touch() {} },
    guests: { hasSignedIn: () => false },
  }),
  counters: new Counters(),
  logger: pino({ level: 'silent' }),
};
after(() => parts.connections.close(0));
const sendLimits = { take: () => 'taken' } as unknown as SendLimits;

/** A room's stream over a connection, and the texts that its client has read. */
const transports = [
  {
    name: 'WebSocket',
    request: upgradeRequest(0, '/').request,
    serve(server: Server, room: ChatRoom) {
      const sockets = new WebSocketServer({ noServer: true, autoPong: false });
      server.on('upgrade', (request, socket, head) => {
        sockets.handleUpgrade(request, socket, head, (ws) => {
          const framing = webSocketFraming('json');
          const own = { ...parts, ws, socket, room, framing, language: 'en' as const, sendLimits };
          new ChatHandler(own).open(undefined);
        });
      });
    },
    texts(bytes: Buffer) {
      const texts: string[] = [];
      let rest = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4);
      for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
        texts.push(frame.payload.toString());
        rest = rest.subarray(frame.size);
      }
      return texts;
    },
  },
  {
    name: 'SSE',
    request: 'GET / HTTP/1.0\r\n\r\n',
    serve(server: Server, room: ChatRoom) {
      server.on('request', (_, response) => {
        new SseConnection({ ...parts, response, room, framing: sseFraming('json') }).open(
          undefined,
        );
      });
    },
    texts(bytes: Buffer) {
      return [...bytes.toString().matchAll(/^data: (.*)$/gm)].map(([, text = '']) => text);
    },
  },
] as const;

/** A room with members, all of whose presence changes with each call. */
async function changingRoom(t: TestContext) {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = await (await openLog(t)).open();
  const members = Array.from({ length: MEMBERS }, (_, n) => createUser(`member-${n}`));
  const present = members.map((user) => ({ user, presence: room.join(user) }));
  async function change(isAway: boolean) {
    for (const { user, presence } of present) {
      await room.execute({ type: 'presence', isAway }, user, presence);
    }
    now += UPDATE_MS;
    t.mock.timers.tick(UPDATE_MS);
    await new Promise(setImmediate);
  }
  return { room, change };
}

suite('A client that stops reading while presence keeps changing', () => {
  for (const { name, request, serve, texts } of transports) {
    test(`over ${name} has a short send queue, and gets the latest state when it reads again`, async (t) => {
      const { room, change } = await changingRoom(t);
      const [client, socket] = duplexPair({ highWaterMark: SOCKET_BYTES });
      t.after(() => socket.destroy());
      const server = createServer({ highWaterMark: SOCKET_BYTES });
      serve(server, room);
      server.emit('connection', socket);
      client.write(request);
      while (socket.writableLength === 0 && client.readableLength === 0) {
        await new Promise(setImmediate);
      }
      let maxBytes = 0;
      for (let n = 1; n <= 101; n += 1) {
        await change(n % 2 === 1);
        maxBytes = Math.max(maxBytes, socket.writableLength);
      }
      assert.ok(socket.writableNeedDrain, 'its connection is full');
      assert.ok(maxBytes <= 64 * KIB, `${maxBytes} bytes are queued for it`);

      const read: Buffer[] = [];
      client.on('data', (bytes) => read.push(bytes));
      const received = () => texts(Buffer.concat(read)).map((text) => JSON.parse(text));
      const snapshots = () => received().filter(({ type }) => type === 'presence-reset').length;
      const states = () => {
        const all = received();
        const last = all.findLastIndex(({ type }) => type === 'presence-reset');
        // The reader is a member, too, over a WebSocket, and never away.
        return all.slice(last).filter(({ type, uid }) => type === 'presence' && uid !== ADA.uid);
      };
      while (snapshots() < 2 || states().length < MEMBERS) await new Promise(setImmediate);
      assert.ok(states().every(({ state }) => state === 'away'));
      await change(false);
      while (states().length < 2 * MEMBERS) await new Promise(setImmediate);
      assert.ok(states().every(({ state }, n) => state === (n < MEMBERS ? 'away' : 'online')));
      assert.equal(snapshots(), 2, 'it was sent the whole state once, at the end');
    });
  }
});

const numbers = Array.from({ length: 1_000 }, (_, n) => `${n}`);
const cid = 'c'.repeat(64);

/** What a client sends at once, and the responses that it reads. */
const floods = [
  {
    what: 'errors',
    opcode: OPCODE.text,
    payloads: numbers.map((n) => JSON.stringify({ cid: n, message: '' })),
    isComplete: (texts: readonly string[]) =>
      isDeepStrictEqual(
        texts.flatMap((text) => JSON.parse(text).cid ?? []),
        numbers,
      ),
  },
  {
    what: 'acknowledgements',
    opcode: OPCODE.text,
    payloads: numbers.map(() => JSON.stringify({ cid, message: 'hello' })),
    // All but the first, which comes back as the message.
    isComplete: (texts: readonly string[]) =>
      texts.filter((text) => text.startsWith('{"type":"ack"')).length === numbers.length - 1,
  },
  {
    what: 'pongs',
    opcode: OPCODE.ping,
    payloads: numbers.map((n) => n.padStart(100, '.')),
    // While the connection is full, only the latest ping needs a pong.
    isComplete: (texts: readonly string[]) => texts.includes('999'.padStart(100, '.')),
  },
];

suite('A WebSocket client that sends much before it reads', () => {
  for (const { what, opcode, payloads, isComplete } of floods) {
    test(`has a short send queue of ${what}, and gets them all when it reads`, async (t) => {
      const [{ serve, request, texts }] = transports;
      const [client, socket] = duplexPair({ highWaterMark: SOCKET_BYTES });
      t.after(() => socket.destroy());
      const server = createServer();
      serve(server, await (await openLog(t)).open());
      server.emit('connection', socket);
      client.write(request);
      await once(client, 'readable');
      client.write(Buffer.concat(payloads.map((payload) => clientFrame(opcode, payload))));
      while (!socket.writableNeedDrain) await new Promise(setImmediate);
      for (let n = 0; n < 50; n += 1) await new Promise(setImmediate);
      const queued = socket.writableLength;
      assert.ok(queued <= SOCKET_BYTES + 4 * KIB, `${queued} bytes are queued for it`);

      const read: Buffer[] = [];
      client.on('data', (bytes) => read.push(bytes));
      while (!isComplete(texts(Buffer.concat(read)))) await new Promise(setImmediate);
    });
  }
});

/** A connection that is full from its next write until it is drained. */
class Stalling implements Connection {
  readonly texts: string[] = [];
  isFull = false;
  /** Whether the next write fills it. */
  willBeFull = false;
  #drained = Promise.withResolvers<boolean>();

  write(frames: Buffer): boolean {
    assert.ok(!this.isFull, 'a full connection is not written to');
    for (let rest = frames; rest.length > 0; ) {
      const { payload, size = 0 } = readFrame(rest) ?? {};
      this.texts.push(String(payload));
      rest = rest.subarray(size);
    }
    this.isFull = this.willBeFull;
    return !this.isFull;
  }

  whenDrained(): Promise<boolean> {
    return this.isFull ? this.#drained.promise : Promise.resolve(true);
  }

  async drain(): Promise<void> {
    this.isFull = false;
    this.#drained.resolve(true);
    this.#drained = Promise.withResolvers();
    await new Promise(setImmediate);
  }

  fail(error: unknown): void {
    assert.fail(String(error));
  }

  disconnect(): void {}
}

async function liveWaiter(head = 0) {
  const feed: ChangeFeed = {
    epoch: 'e',
    end: { seq: head, id: head },
    historyStart: head,
    canResume: async () => true,
    changesAfter: () => assert.fail('there are no changes'),
    messagesAfter: () => assert.fail('there are no messages'),
    stateFrames: (framing) => framing.ephemeral(() => ['state']),
  };
  const connection = new Stalling();
  const waiter = new Waiter(feed, connection, webSocketFraming('json'), parts.admission);
  await waiter.start();
  connection.texts.length = 0;
  return { waiter, connection };
}

const text = (text: string) => encodeOnce(() => [text]);

suite('A waiter whose connection is full', () => {
  const writes = {
    'ephemeral state': (waiter: Waiter) => waiter.pushEphemeral(text('first')),
    'frames of its own': (waiter: Waiter) => waiter.pushOwn(text('first')),
    'a heartbeat': (waiter: Waiter) => waiter.heartbeat(),
  };
  for (const [what, write] of Object.entries(writes)) {
    test(`after ${what} is not written to until it has drained`, async () => {
      const { waiter, connection } = await liveWaiter();
      connection.willBeFull = true;
      write(waiter);
      assert.equal(connection.texts.length, 1);
      connection.willBeFull = false;
      waiter.pushEphemeral(text('missed'));
      waiter.pushOwn(text('own'));
      waiter.heartbeat();
      assert.equal(connection.texts.length, 1);
      await connection.drain();
      assert.deepEqual(connection.texts.slice(1), ['state', 'own']);
      waiter.pushEphemeral(text('live'));
      assert.equal(connection.texts.at(-1), 'live');
    });
  }

  test('gets the state that it missed, and its own frames after that, when it has drained', async () => {
    const { waiter, connection } = await liveWaiter();
    connection.willBeFull = true;
    waiter.heartbeat();
    waiter.pushEphemeral(text('missed'));
    for (const own of ['a', 'b']) waiter.pushOwn(text(own));
    for (const expected of ['state', 'a', 'b']) {
      await connection.drain();
      assert.equal(connection.texts.at(-1), expected);
    }
    connection.willBeFull = false;
    await connection.drain();
    assert.equal(connection.texts.length, 4, 'nothing is sent twice');
  });

  test('gets no state again if it missed none', async () => {
    const { waiter, connection } = await liveWaiter();
    connection.willBeFull = true;
    waiter.pushEphemeral(text('all'));
    connection.willBeFull = false;
    await connection.drain();
    assert.deepEqual(connection.texts, ['all']);
  });

  test('gets the latest of its own frames, however many it missed', async () => {
    const { waiter, connection } = await liveWaiter();
    connection.willBeFull = true;
    waiter.heartbeat();
    connection.willBeFull = false;
    for (let n = 0; n < 100; n += 1) waiter.pushOwn(text(`${n}`));
    await connection.drain();
    const own = connection.texts.slice(1);
    assert.deepEqual(
      own,
      Array.from({ length: 32 }, (_, n) => `${68 + n}`),
    );
  });
});
