import assert from 'node:assert/strict';
import { Agent, get, type IncomingMessage } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { join } from '../support/client.ts';
import { freezeClock } from '../support/clock.ts';
import { openApp } from '../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../support/test-browser.ts';
import { RawClient, upgradeRequest } from '../support/wire.ts';

const behindProxy = { rateLimits: true, trustProxy: 1 } as const;

function from(url: string, address: string): TestBrowser {
  return new TestBrowser(url, { 'X-Forwarded-For': address });
}

/** Sends this many requests at once, with a frozen clock. Returns the rate limited responses. */
async function flood(t: TestContext, count: number, send: (n: number) => Promise<Response>) {
  freezeClock(t);
  const responses = await Promise.all(Array.from({ length: count }, (_, n) => send(n)));
  const held = responses.filter(({ status }) => status === 429);
  for (const response of held) {
    assert.match(response.headers.get('retry-after') ?? '', /^\d+$/);
    assert.deepEqual(await errorOf(response), [429, 'rate-limited']);
  }
  return held;
}

/** Requests a stream that ends at once. Returns the status. */
function connectOnce(agent: Agent, port: number, address: string): Promise<number | undefined> {
  const headers = { 'X-Forwarded-For': address };
  const path = '/rooms/lobby/events';
  return new Promise((resolve, reject) => {
    get({ port, path, agent, headers, method: 'HEAD' }, (response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

/** Connects and disconnects from an address until it is limited. The clock is frozen. */
async function exhaust(t: TestContext, port: number, address: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  t.after(() => agent.destroy());
  const statuses: unknown[] = [];
  while (!statuses.includes(429)) {
    const attempts = Array.from({ length: 500 }, () => connectOnce(agent, port, address));
    statuses.push(...(await Promise.all(attempts)));
  }
}

suite('A rate limit of one address, which does not affect others, covers', () => {
  test('signing in', async (t) => {
    const { url } = await openApp(t, behindProxy);
    const send = (n: number) => from(url, '10.0.0.1').post('/session', { name: `Eve ${n}` });
    assert.equal((await flood(t, 130, send)).length, 30);
    const other = await from(url, '10.0.0.2').post('/session', { name: 'Ann' });
    assert.equal(other.status, 201);
  });

  test('passwords, together with signing in', async (t) => {
    const { url } = await openApp(t, behindProxy);
    const eve = from(url, '10.0.0.1');
    await flood(t, 130, () => eve.post('/session', { name: '' }));
    const changed = await eve.post('/session/password', { password: 'x'.repeat(8) });
    assert.equal(changed.status, 429);
  });

  test('new rooms', async (t) => {
    const { url } = await openApp(t, behindProxy);
    const [eve, ann] = [from(url, '10.0.0.1'), from(url, '10.0.0.2')];
    await eve.post('/session', { name: 'Eve' });
    await ann.post('/session', { name: 'Ann' });
    const send = (n: number) => eve.post('/rooms', { name: `room-${n}` });
    assert.equal((await flood(t, 15, send)).length, 5);
    assert.equal((await ann.post('/rooms', { name: 'class' })).status, 201);
  });

  for (const [what, send] of [
    ['messages', (browser: TestBrowser) => browser.post('/rooms/lobby/messages', { message: 'x' })],
    [
      'commands',
      (browser: TestBrowser) => browser.post('/rooms/lobby/commands', { type: 'presence' }),
    ],
    ['new guests', (browser: TestBrowser) => browser.post('/guests')],
  ] as const) {
    test(what, async (t) => {
      const { url } = await openApp(t, behindProxy);
      const held = await flood(t, 460, () => send(from(url, '10.0.0.1')));
      assert.equal(held.length, 60);
      const other = await send(from(url, '10.0.0.2'));
      assert.ok(other.ok, `${other.status}`);
    });
  }

  test('streams, long polls and sockets, together', async (t) => {
    const { url, port } = await openApp(t, behindProxy);
    const ann = from(url, '10.0.0.2');
    const polled = await ann.get('/rooms/lobby/messages', { Accept: 'application/json' });
    const { cursor } = (await polled.json()) as { cursor: string };
    const wait = `/rooms/lobby/messages?after=${cursor}&wait=1`;
    const forwarded = { 'X-Forwarded-For': '10.0.0.1' };
    const plain = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n`;
    freezeClock(t);
    await exhaust(t, port, '10.0.0.1');
    for (const request of [
      plain('/rooms/lobby/events'),
      plain(wait),
      upgradeRequest(port, '/chat', forwarded).request,
      upgradeRequest(port, '/rooms/lobby/live', forwarded).request,
    ]) {
      const client = await RawClient.raw(t, port, request);
      assert.match(await client.head(), /^HTTP\/1\.1 429 .*\r\nretry-after: \d+\r\n/is);
    }
    assert.equal((await ann.get(wait)).status, 200);
    await join(t, port, '/chat', { headers: ann.headers() });
  });

  test('a form, which is shown again, with the time to try again', async (t) => {
    const { url } = await openApp(t, behindProxy);
    const ann = from(url, '10.0.0.1');
    await ann.post('/session', { name: 'Ann' });
    await ann.post('/rooms', { name: 'class' });
    await ann.post('/rooms/class/commands', { type: 'set-slow-mode', seconds: 60 });
    const bob = new TestBrowser(url);
    await bob.submit('/rooms/class/messages', { message: 'one' });
    const again = await bob.submit('/rooms/class/messages', { message: 'two' });
    assert.equal(again.status, 429);
    assert.match(again.headers.get('retry-after') ?? '', /^(60|[1-5]?\d)$/);
    assert.match(await again.text(), />two<\/textarea>/);
  });
});

suite('A forwarded address', () => {
  test('is ignored without a proxy', async (t) => {
    const { url } = await openApp(t, { rateLimits: true });
    const send = (n: number) => from(url, `10.0.${n % 2}.${n >> 1}`).post('/guests');
    assert.equal((await flood(t, 460, send)).length, 60);
  });

  test('is ignored before that of the proxy', async (t) => {
    const { url } = await openApp(t, behindProxy);
    const send = (n: number) => from(url, `10.9.${n % 2}.${n >> 1}, 10.0.0.1`).post('/guests');
    assert.equal((await flood(t, 460, send)).length, 60);
    const other = await from(url, '10.0.0.1, 10.0.0.2').post('/guests');
    assert.equal(other.status, 201);
  });

  test("of a proxy is the client's own, for its rate limits", async (t) => {
    const { url } = await openApp(t, behindProxy);
    const send = (n: number) => from(url, `10.0.${n % 2}.${n >> 1}`).post('/guests');
    assert.equal((await flood(t, 460, send)).length, 0);
  });

  test('does not allow more attempts at a password', async (t) => {
    const { url } = await openApp(t);
    await signedIn(url, 'Ann', 'correct horse battery');
    freezeClock(t);
    const statuses: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const fields = { name: 'Ann', password: `wrong guess ${n}` };
        statuses.push((await from(url, `10.0.0.${n}`).post('/session', fields)).status);
      }),
    );
    assert.deepEqual(statuses.sort(), [...Array(6).fill(403), ...Array(4).fill(429)]);
  });
});
