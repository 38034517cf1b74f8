import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import type { ServerError } from '../../static/client/connection/post.ts';
import { acquireSlot } from '../../static/client/connection/transports/slot.ts';
import { eventStream } from '../../static/client/connection/transports/sse.ts';
import type { TransportHandlers } from '../../static/client/connection/transports/transport.ts';
import { webSocket } from '../../static/client/connection/transports/websocket.ts';
import { openStorages } from '../support/storage.ts';

const { local } = openStorages();
/** What happens when the page is left. */
const pagehide = new Set<() => void>();

/** Gives each test of a suite a new page. */
function openPages(): void {
  beforeEach(() => {
    local.clear();
    pagehide.clear();
    Object.assign(globalThis, {
      addEventListener: (_: string, call: () => void) => pagehide.add(call),
      removeEventListener: (_: string, call: () => void) => pagehide.delete(call),
      location: { protocol: 'https:', host: 'chat.example' },
    });
  });
}

const settled = () => new Promise(setImmediate);

/** What a client hears over a transport. */
function listen(token?: string) {
  const frames: string[] = [];
  const lost: (ServerError | undefined)[] = [];
  const handlers: TransportHandlers = {
    room: 'the room',
    lang: 'zh',
    cursor: () => 'a.1',
    token: () => token,
    onFrame: (html) => void frames.push(html),
    onLost: (why) => void lost.push(why),
  };
  return { handlers, frames, lost };
}

/** Answers the requests of a test. */
function answer(respond: (url: string, init: RequestInit) => Response | Promise<Response>) {
  const urls: string[] = [];
  globalThis.fetch = async (url, init = {}) => {
    urls.push(String(url));
    return respond(String(url), init);
  };
  return urls;
}

/** A body that arrives in pieces. */
function streamOf(pieces: readonly Uint8Array[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

const DENIED = { code: 'removed', message: 'You are banned.' };
const denial = () => Response.json({ error: DENIED }, { status: 403 });

suite('An event stream', () => {
  openPages();

  test('is parsed however it is split into chunks, a frame for each event with data', async () => {
    const text =
      'retry: 1000\n\nid: a.2\ndata: <article>\ndata: two lines</article>\n\n' +
      'data: <div id="synced">你好</div>\n\n';
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 7, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const urls = answer(() => new Response(streamOf(pieces)));
      const { handlers, frames, lost } = listen();
      eventStream(handlers);
      while (lost.length === 0) await settled();
      assert.deepEqual(frames, ['<article>\ntwo lines</article>', '<div id="synced">你好</div>']);
      assert.deepEqual(urls, ['/rooms/the%20room/events?lang=zh&after=a.1']);
      assert.deepEqual(lost, [undefined], 'it has ended');
    }
  });

  test('to which access is denied is lost with the reason; other failures have none', async () => {
    for (const [response, why] of [
      [denial(), DENIED],
      [Response.json({ error: DENIED }, { status: 503 }), undefined],
      [new Response('proxy', { status: 403 }), undefined],
    ] as const) {
      answer(() => response);
      const { handlers, lost } = listen();
      eventStream(handlers);
      while (lost.length === 0) await settled();
      assert.deepEqual(lost, [why]);
    }
  });

  test('that is closed is aborted, and reports nothing', async () => {
    let signal: AbortSignal | null | undefined;
    answer((_, init) => {
      ({ signal } = init);
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal?.reason));
      });
    });
    const { handlers, lost } = listen();
    const stream = eventStream(handlers);
    await settled();
    stream.close();
    await settled();
    assert.deepEqual([signal?.aborted, lost], [true, []]);
  });
});

class FakeSocket {
  static last: FakeSocket | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: string[] = [];
  isClosed = false;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.last = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Opens a WebSocket of the test. */
function openSocket(token?: string) {
  Object.assign(globalThis, { WebSocket: FakeSocket });
  const client = listen(token);
  const transport = webSocket(client.handlers);
  const socket = FakeSocket.last;
  assert.ok(socket);
  return { ...client, transport, socket };
}

suite('A WebSocket', () => {
  openPages();

  test('is opened in the language of the page, with its token, and is bidirectional', () => {
    const { socket, transport, frames } = openSocket('t0ken');
    assert.equal(socket.url, 'wss://chat.example/rooms/the%20room/live?lang=zh&after=a.1');
    assert.deepEqual(socket.protocols, ['html', 'token.t0ken']);
    socket.onopen?.();
    socket.onmessage?.({ data: '<article>' });
    transport.send?.('hello');
    assert.deepEqual([frames, socket.sent], [['<article>'], ['hello']]);
  });

  test('that was open and ends is lost, once', () => {
    const { socket, lost } = openSocket();
    socket.onopen?.();
    socket.onerror?.();
    socket.onclose?.();
    assert.deepEqual(lost, [undefined]);
  });

  test('that can’t be opened finds the reason by a request, as the browser does not report it', async () => {
    for (const [response, why] of [
      [denial(), DENIED],
      [new Response(''), undefined],
    ] as const) {
      const urls = answer(() => response);
      const { socket, lost } = openSocket();
      socket.onclose?.();
      while (lost.length === 0) await settled();
      assert.deepEqual(lost, [why]);
      assert.deepEqual(urls, ['/rooms/the%20room/messages?lang=zh&after=a.1']);
    }
  });

  test('that is closed reports nothing more', async () => {
    const { socket, transport, frames, lost } = openSocket();
    const { onmessage } = socket;
    socket.onopen?.();
    transport.close();
    assert.equal(socket.isClosed, true);
    assert.deepEqual([socket.onmessage, socket.onclose, socket.onerror], [null, null, null]);
    assert.ok(onmessage);
    await settled();
    assert.deepEqual([frames, lost], [[], []]);
  });
});

/** A transport that is open until it is lost or closed. */
function holdRequest() {
  const client = listen();
  let isOpened = false;
  let lose = () => {};
  const transport = acquireSlot(client.handlers, (held) => {
    isOpened = true;
    lose = () => held.onLost();
    return { close() {} };
  });
  return { ...client, transport, isOpened, lose };
}

/** Another tab holds so many requests. */
function occupy(count: number, until = Date.now() + 60_000): void {
  for (let n = 0; n < count; n += 1) local.setItem(`typhoon.slot.${n}`, `other ${until}`);
}

suite('Requests that all tabs of a browser hold', () => {
  openPages();

  test('are three at most: one more is lost at once', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    occupy(2);
    assert.equal(holdRequest().isOpened, true);
    occupy(3);
    const { isOpened, lost, transport } = holdRequest();
    await settled();
    assert.deepEqual([isOpened, lost], [false, [undefined]]);
    transport.close();
  });

  test('release their slot when they are closed or lost, or the page is left', (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    occupy(2);
    for (const end of ['close', 'lose', 'leave'] as const) {
      const { transport, lose } = holdRequest();
      assert.notEqual(local.getItem('typhoon.slot.2'), null);
      if (end === 'close') transport.close();
      if (end === 'lose') lose();
      if (end === 'leave') for (const call of pagehide) call();
      assert.equal(local.getItem('typhoon.slot.2'), null, end);
      assert.equal(pagehide.size, 0);
      t.mock.timers.tick(60_000);
      assert.equal(local.getItem('typhoon.slot.2'), null, 'it is not renewed');
    }
  });

  test('of a tab that has crashed release their slot after a while; others keep theirs', (t) => {
    t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
    occupy(3, 90_000);
    assert.equal(holdRequest().isOpened, false);
    t.mock.timers.tick(90_001);
    const { isOpened, transport } = holdRequest();
    assert.equal(isOpened, true);
    t.mock.timers.tick(300_000);
    const [, until] = local.getItem('typhoon.slot.0')?.split(' ') ?? [];
    assert.ok(Number(until) > Date.now());
    transport.close();
  });
});
