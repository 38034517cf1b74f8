import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bodies, isMessage, join, rejectedUpgrade } from '../support/client.ts';
import { openApp, suiteApp } from '../support/server.ts';
import { clientFrame, OPCODE, RawClient } from '../support/wire.ts';

const lobby = '/rooms/lobby/live';
const app = suiteApp();
const json = { protocols: ['json'] };
const emptyPart = clientFrame(OPCODE.continuation, '', false);

suite('What cannot be read', () => {
  for (const [what, text, code] of [
    ['no JSON', 'hello', 'not-json'],
    ['half of JSON', '{"message":', 'not-json'],
    ['no object', '"hello"', 'missing-message'],
    ['nothing', 'null', 'missing-message'],
    ['a list', '[{"message":"hello"}]', 'missing-message'],
    ['no message', '{"uid":"1"}', 'missing-message'],
    ['a message that is no text', '{"message":{"toString":"x"}}', 'missing-message'],
    ['a message by inheritance', '{"__proto__":{"message":"hello"}}', 'missing-message'],
    ['a client id of another form', '{"message":"hello","cid":"a b"}', 'invalid-cid'],
    ['an empty message', '{"message":""}', 'empty-message'],
    ['only white space', '{"message":" \\n\\t\\u3000 "}', 'empty-message'],
    ['only what nobody sees', '{"message":"\\u200b\\u2060\\ufeff\\u3164"}', 'empty-message'],
    ['JSON as deep as it fits', '['.repeat(60_000), 'not-json'],
    [
      'deep JSON that is whole',
      `{"message":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      'missing-message',
    ],
    ['a command that nobody knows', '{"message":"/shrug"}', 'unknown-command'],
    ['a call for help', '{"message":"/help"}', 'help'],
    ['one character too many', JSON.stringify({ message: 'x'.repeat(4_001) }), 'too-long'],
  ] as const) {
    test(`${what} is refused to its sender alone, and nothing else happens`, async (t) => {
      const { port, room } = app.newRoom();
      const sender = await join(t, port, `/rooms/${room}/live`, json);
      const other = await join(t, port, `/rooms/${room}/live`, json);
      other.post('before');
      await sender.waitForFrames(3);
      sender.send(text);
      const notice = JSON.parse((await sender.waitForFrames(4))[3] ?? '');
      assert.equal(notice.type, 'error');
      assert.equal(notice.code, code);
      assert.ok(notice.text.length > 10, 'it says why');
      sender.post('still here');
      const heard = (await other.waitForFrames(4)).map((frame) => JSON.parse(frame));
      assert.deepEqual(
        heard.map(({ type }) => type),
        ['welcome', 'synced', 'message', 'message'],
      );
      assert.equal(heard[3].id, heard[2].id + 1);
    });
  }

  test('a refusal names the message it is about, and the length', async (t) => {
    const { port, room } = app.newRoom();
    const sender = await join(t, port, `/rooms/${room}/live`, json);
    sender.post('x'.repeat(4_001), 'long-one');
    const notice = JSON.parse((await sender.waitForFrames(3))[2] ?? '');
    assert.equal(notice.cid, 'long-one');
    assert.equal(notice.text, 'Your message is 4,001 characters long. The limit is 4,000.');
  });

  test('a refusal is in the language of the one who reads it', async (t) => {
    const { port, room } = app.newRoom();
    const headers = { 'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.8' };
    const sender = await join(t, port, `/rooms/${room}/live`, { ...json, headers });
    sender.send('hello');
    assert.equal(JSON.parse((await sender.waitForFrames(3))[2] ?? '').text, 'JSON 无效。');
  });

  test('characters are counted as people see them, not as the machine stores them', async (t) => {
    const { port, room } = app.newRoom();
    const sender = await join(t, port, `/chat?room=${room}`);
    sender.post('🌀'.repeat(4_000));
    assert.deepEqual(bodies(await sender.waitForFrames(2)), ['🌀'.repeat(4_000)]);
  });

  test('bytes that are no text get a notice', async (t) => {
    const { port, room } = app.newRoom();
    const sender = await join(t, port, `/rooms/${room}/live`, json);
    sender.ws.send(Buffer.from('{"message":"hello"}'), { binary: true });
    assert.equal(JSON.parse((await sender.waitForFrames(3))[2] ?? '').code, 'not-text');
  });

  for (const [what, frame, code] of [
    ['more than 64 KiB', clientFrame(OPCODE.text, 'x'.repeat(65_537)), 1009],
    ['invalid UTF-8', clientFrame(OPCODE.text, Buffer.from('{"message":"\xff"}', 'latin1')), 1007],
    ['a frame without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
    ['an unknown opcode', clientFrame(3, ''), 1002],
    [
      'a message in more than 1,024 frames',
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
    ['markup', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['quotes', `"'`, `&quot;'`],
    ['line breaks', 'a\nb\r\nc', 'a<br>b<br>c'],
    ['white space around it', '  a  b \n', 'a  b'],
    ['control characters', 'a\u0000b\u001bc', 'a\ufffdb\ufffdc'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['a bidi override', '\u202egnp.exe', '\u202egnp.exe'],
  ] as const) {
    test(`${what} is shown as text and harms nothing`, async (t) => {
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
      'to what the browser knows is of another site',
      lobby,
      { 'Sec-Fetch-Site': 'cross-site' },
      403,
    ],
    ['where there is nothing', '/nowhere', {}, 404],
    ['at a name that no room can have', '/rooms/a%20b/live', {}, 404],
    ['at a name that is not even text', '/rooms/%ff/live', {}, 404],
    ['at such a name in a query', '/chat?room=a.b', {}, 404],
    ['after what is no cursor', `${lobby}?after=12`, {}, 400],
    ['after an empty cursor', `${lobby}?after=`, {}, 400],
    ['after a cursor with more to it', `${lobby}?after=abc.1x`, {}, 400],
  ] as const) {
    test(`${what}, with ${status} and a sentence`, async () => {
      const refused = await rejectedUpgrade(app.port, path, headers);
      assert.equal(refused.status, status);
      assert.equal(refused.headers['x-content-type-options'], 'nosniff');
      assert.match(refused.text, /^[A-Z"].{10,}\.\n$/);
    });
  }

  test('but not to a page of the server itself, nor of an origin it was told of', async (t) => {
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
    test(`${what}, with a 4xx, and the server lives`, async (t) => {
      const { port, room } = app.newRoom();
      const client = await RawClient.raw(t, port, request);
      assert.match(await client.head(), /^HTTP\/1\.1 4\d\d /);
      assert.equal((await (await join(t, port, `/chat?room=${room}`)).waitForFrames(1)).length, 1);
    });
  }
});
