import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bodies, isMessage, join, rejectedUpgrade } from '../support/client.ts';
import { openApp, suiteApp } from '../support/server.ts';
import { clientFrame, OPCODE, RawClient } from '../support/wire.ts';

const lobby = '/rooms/lobby/live';
const app = suiteApp();
const json = { protocols: ['json'] };
const emptyPart = clientFrame(OPCODE.continuation, '', false);

suite('A frame', () => {
  for (const [what, text, code] of [
    ['that is not JSON', 'hello', 'not-json'],
    ['of incomplete JSON', '{"message":', 'not-json'],
    ['that is not an object', '"hello"', 'missing-message'],
    ['of null', 'null', 'missing-message'],
    ['of a list', '[{"message":"hello"}]', 'missing-message'],
    ['without a message', '{"uid":"1"}', 'missing-message'],
    ['with a message that is not a text', '{"message":{"toString":"x"}}', 'missing-message'],
    ['with an inherited message', '{"__proto__":{"message":"hello"}}', 'missing-message'],
    ['with an invalid client id', '{"message":"hello","cid":"a b"}', 'invalid-cid'],
    ['with an empty message', '{"message":""}', 'empty-message'],
    ['with only white space', '{"message":" \\n\\t\\u3000 "}', 'empty-message'],
    [
      'with only invisible characters',
      '{"message":"\\u200b\\u2060\\ufeff\\u3164"}',
      'empty-message',
    ],
    ['of incomplete JSON of maximum depth', '['.repeat(60_000), 'not-json'],
    [
      'of complete JSON of great depth',
      `{"message":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      'missing-message',
    ],
    ['with an unknown slash command', '{"message":"/shrug"}', 'unknown-command'],
    ['with a request for help', '{"message":"/help"}', 'help'],
    ['with one character too many', JSON.stringify({ message: 'x'.repeat(4_001) }), 'too-long'],
  ] as const) {
    test(`${what} is rejected to its sender only, and has no other effect`, async (t) => {
      const { port, room } = app.newRoom();
      const sender = await join(t, port, `/rooms/${room}/live`, json);
      const other = await join(t, port, `/rooms/${room}/live`, json);
      other.post('before');
      await sender.waitForFrames(3);
      sender.send(text);
      const error = JSON.parse((await sender.waitForFrames(4))[3] ?? '');
      assert.equal(error.type, 'error');
      assert.equal(error.code, code);
      assert.ok(error.text.length > 10, 'it explains the error');
      sender.post('still here');
      const received = (await other.waitForFrames(4)).map((frame) => JSON.parse(frame));
      assert.deepEqual(
        received.map(({ type }) => type),
        ['welcome', 'synced', 'message', 'message'],
      );
      assert.equal(received[3].id, received[2].id + 1);
    });
  }

  test('that is rejected is answered with its client id, and the length of its text', async (t) => {
    const { port, room } = app.newRoom();
    const sender = await join(t, port, `/rooms/${room}/live`, json);
    sender.post('x'.repeat(4_001), 'long-one');
    const error = JSON.parse((await sender.waitForFrames(3))[2] ?? '');
    assert.equal(error.cid, 'long-one');
    assert.equal(error.text, 'Your message is 4,001 characters long. The limit is 4,000.');
  });

  test('that is rejected is answered in the language of its sender', async (t) => {
    const { port, room } = app.newRoom();
    const headers = { 'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.8' };
    const sender = await join(t, port, `/rooms/${room}/live`, { ...json, headers });
    sender.send('hello');
    assert.equal(JSON.parse((await sender.waitForFrames(3))[2] ?? '').text, 'JSON 无效。');
  });

  test('is measured in characters as users see them, not as they are stored', async (t) => {
    const { port, room } = app.newRoom();
    const sender = await join(t, port, `/chat?room=${room}`);
    sender.post('🌀'.repeat(4_000));
    assert.deepEqual(bodies(await sender.waitForFrames(2)), ['🌀'.repeat(4_000)]);
  });

  test('that is binary is rejected with an error', async (t) => {
    const { port, room } = app.newRoom();
    const sender = await join(t, port, `/rooms/${room}/live`, json);
    sender.ws.send(Buffer.from('{"message":"hello"}'), { binary: true });
    assert.equal(JSON.parse((await sender.waitForFrames(3))[2] ?? '').code, 'not-text');
  });

  for (const [what, frame, code] of [
    ['of more than 64 KiB', clientFrame(OPCODE.text, 'x'.repeat(65_537)), 1009],
    [
      'of invalid UTF-8',
      clientFrame(OPCODE.text, Buffer.from('{"message":"\xff"}', 'latin1')),
      1007,
    ],
    ['without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
    ['with an unknown opcode', clientFrame(3, ''), 1002],
    [
      'of a message in more than 1,024 frames',
      Buffer.concat([clientFrame(OPCODE.text, 'x', false), ...Array(1_024).fill(emptyPart)]),
      1008,
    ],
  ] as const) {
    test(`${what} closes the connection with ${code}`, async (t) => {
      const { port, room } = app.newRoom();
      const other = await join(t, port, `/chat?room=${room}`);
      const client = await RawClient.open(t, port, `/chat?room=${room}`);
      await client.head();
      client.socket.write(frame);
      assert.equal(await client.closeCode(), code);
      other.post('still here');
      assert.equal((await other.waitForFrames(2)).filter(isMessage).length, 1);
    });
  }

  for (const [what, message, shown] of [
    ['with markup', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['with quotes', `"'`, `&quot;'`],
    ['with line breaks', 'a\nb\r\nc', 'a<br>b<br>c'],
    ['with white space around it', '  a  b \n', 'a  b'],
    ['with control characters', 'a\u0000b\u001bc', 'a\ufffdb\ufffdc'],
    ['with half a character', 'a\ud800b', 'a\ufffdb'],
    ['with a bidi override', '\u202egnp.exe', '\u202egnp.exe'],
  ] as const) {
    test(`${what} is shown as text, and is harmless`, async (t) => {
      const { port, room } = app.newRoom();
      const client = await join(t, port, `/chat?room=${room}`);
      client.post(message);
      assert.deepEqual(bodies(await client.waitForFrames(2)), [shown]);
    });
  }
});

suite('An upgrade is refused', () => {
  for (const [what, path, headers, status] of [
    ['to a page of another site', '/chat', { Origin: 'https://evil.example' }, 403],
    ['to a page without an origin', '/chat', { Origin: 'null' }, 403],
    ['to a name that ends like ours', lobby, { Origin: 'http://127.0.0.1.evil.example' }, 403],
    ['to another port of this machine', lobby, { Origin: 'http://127.0.0.1:1' }, 403],
    [
      'to a request that the browser marks as cross-site',
      lobby,
      { 'Sec-Fetch-Site': 'cross-site' },
      403,
    ],
    ['at an unknown path', '/nowhere', {}, 404],
    ['at an invalid room name', '/rooms/a%20b/live', {}, 404],
    ['at a room name of invalid UTF-8', '/rooms/%ff/live', {}, 404],
    ['at an invalid room name in a query', '/chat?room=a.b', {}, 404],
    ['after an invalid cursor', `${lobby}?after=12`, {}, 400],
    ['after an empty cursor', `${lobby}?after=`, {}, 400],
    ['after a cursor followed by more', `${lobby}?after=abc.1x`, {}, 400],
  ] as const) {
    test(`${what}, with ${status} and a sentence`, async () => {
      const refused = await rejectedUpgrade(app.port, path, headers);
      assert.equal(refused.status, status);
      assert.equal(refused.headers['x-content-type-options'], 'nosniff');
      assert.match(refused.text, /^[A-Z"].{10,}\.\n$/);
    });
  }

  test('unless the page is of the server itself or of a configured origin', async (t) => {
    const { port } = await openApp(t, { origins: new Set(['https://chat.example']) });
    for (const origin of [`http://127.0.0.1:${port}`, 'https://chat.example']) {
      const client = await join(t, port, '/chat', { headers: { Origin: origin } });
      assert.equal((await client.waitForFrames(1)).length, 1);
    }
  });

  for (const [what, request] of [
    [
      'without a key',
      'GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
    ],
    [
      'of an unknown version',
      'GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ],
    [
      'by POST',
      'POST /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 0\r\n\r\n',
    ],
  ] as const) {
    test(`${what}, with a 4xx, and the server goes on`, async (t) => {
      const { port, room } = app.newRoom();
      const client = await RawClient.raw(t, port, request);
      assert.match(await client.head(), /^HTTP\/1\.1 4\d\d /);
      assert.equal((await (await join(t, port, `/chat?room=${room}`)).waitForFrames(1)).length, 1);
    });
  }
});
