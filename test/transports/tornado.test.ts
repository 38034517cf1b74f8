import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { render } from '../../server/features/messages/fragment.ts';
import { languages } from '../../server/shared/i18n.ts';
import { isMessage, join, parseFragment } from '../support/client.ts';
import { messageOf } from '../support/messages.ts';
import { openApp } from '../support/server.ts';
import { signIn } from '../support/test-user.ts';
import { OPCODE, RawClient } from '../support/wire.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Byte by byte, so that client and server do not share a library. */
suite("Tornado's contract on /chat", () => {
  test('includes the key of RFC 6455, section 4.2.2, in the handshake', async (t) => {
    const { port } = await openApp(t);
    const client = await RawClient.open(t, port, '/chat');
    const head = await client.head();
    const accept = createHash('sha1')
      .update(`${client.key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    assert.match(head, /^HTTP\/1\.1 101 /);
    assert.ok(head.toLowerCase().includes('upgrade: websocket'));
    assert.ok(head.includes(`Sec-WebSocket-Accept: ${accept}\r\n`), head);
    assert.ok(!/sec-websocket-extensions/i.test(head), 'no compression is agreed on');
  });

  test('sends the uid alone, then the history, then new messages, one frame each', async (t) => {
    const { port } = await openApp(t);
    const sender = await RawClient.open(t, port, '/chat');
    await sender.head();
    const uid = await sender.text();
    assert.match(uid, UUID_V4);
    sender.post('one');
    sender.post('two');
    const posted = [await sender.text(), await sender.text()];
    assert.deepEqual(
      posted.map((html) => parseFragment(html).body),
      ['one', 'two'],
    );
    assert.ok(posted.every((html) => parseFragment(html).uid === uid));

    const listener = await RawClient.open(t, port, '/chat');
    await listener.head();
    const otherUid = await listener.text();
    assert.match(otherUid, UUID_V4);
    assert.notEqual(otherUid, uid);
    assert.deepEqual([await listener.text(), await listener.text()], posted);

    sender.post('three');
    const [toSender, toListener] = [await sender.text(), await listener.text()];
    assert.equal(parseFragment(toSender).body, 'three');
    assert.equal(toListener, toSender, 'all receive the same bytes');
  });

  test("shows a message with its guest, in the server's language, and its text", async (t) => {
    for (const [language, guest, other] of [
      ['en', 'guest', '访客'],
      ['zh', '访客', 'guest'],
    ] as const) {
      const { port } = await openApp(t, { language });
      const client = await RawClient.open(t, port, '/chat');
      await client.head();
      const uid = await client.text();
      client.post('hello');
      const html = await client.text();
      assert.ok(html.includes(`${guest} ${uid.slice(0, 6)}`), html);
      assert.ok(!html.includes(other));
      assert.ok(html.includes('hello'));
    }
  });

  test('delivers a message of 64 bytes in at most 260 bytes', async (t) => {
    for (const language of languages) {
      const { port } = await openApp(t, { language });
      const ada = await signIn(port, 'Ada Lovelace');
      const listener = await RawClient.open(t, port, '/chat');
      await listener.head();
      await listener.text();
      for (const headers of [{}, ada.headers]) {
        const client = await RawClient.open(t, port, '/chat', headers);
        for (const cid of [undefined, 'Zq3_x-9a']) {
          const message = 'x'.repeat(64);
          client.send(OPCODE.text, JSON.stringify({ uid: '', message, cid }));
          const { payload } = await listener.frame();
          const { body, cid: given } = parseFragment(payload.toString());
          assert.deepEqual([body, given], [message, cid]);
          assert.ok(payload.length <= 260, `${payload.length}: ${payload}`);
        }
      }
    }
    // With a seq that a server reaches after years.
    for (const more of [{}, { name: 'Ada Lovelace' }, { cid: 'Zq3_x-9a' }]) {
      const message = messageOf(9_999_999, { uid: randomUUID(), body: 'x'.repeat(64), ...more });
      for (const language of languages) {
        const html = render(message, language);
        assert.ok(Buffer.byteLength(html) <= 260, `${Buffer.byteLength(html)}: ${html}`);
      }
    }
  });

  test('ignores the uid in a message: the server knows whose socket it is', async (t) => {
    const { port } = await openApp(t);
    const client = await RawClient.open(t, port, '/chat');
    await client.head();
    const uid = await client.text();
    client.send(
      OPCODE.text,
      JSON.stringify({ uid: '00000000-0000-4000-8000-000000000000', message: 'me' }),
    );
    assert.equal(parseFragment(await client.text()).uid, uid);
  });

  for (const [lengthBits, bytes] of [
    [7, 125],
    [16, 126],
    [16, 65_535],
    [64, 65_536],
  ] as const) {
    test(`reads a message of ${bytes} bytes, with its length in ${lengthBits} bits`, async (t) => {
      const { port } = await openApp(t);
      const client = await RawClient.open(t, port, '/chat');
      await client.head();
      await client.text();
      const empty = JSON.stringify({ uid: '', message: 'hello' });
      const payload = JSON.stringify({ uid: 'u'.repeat(bytes - empty.length), message: 'hello' });
      assert.equal(payload.length, bytes);
      client.send(OPCODE.text, payload);
      assert.equal(parseFragment(await client.text()).body, 'hello');
    });
  }

  test('sends frames that are unmasked, final, and of the stated length', async (t) => {
    const { port } = await openApp(t);
    const client = await RawClient.open(t, port, '/chat');
    await client.head();
    const uid = await client.frame();
    assert.deepEqual([uid.isFinal, uid.isMasked, uid.lengthBits], [true, false, 7]);
    client.post('&'.repeat(4_000));
    const message = await client.frame();
    assert.deepEqual([message.isFinal, message.isMasked, message.lengthBits], [true, false, 16]);
    assert.equal(parseFragment(message.payload.toString()).body, '&amp;'.repeat(4_000));
  });

  test('reads a fragmented message, with a ping between, as one message', async (t) => {
    const { port } = await openApp(t);
    const client = await RawClient.open(t, port, '/chat');
    await client.head();
    await client.text();
    client.send(OPCODE.text, '{"message":', false);
    client.send(OPCODE.ping, 'are you there?');
    client.send(OPCODE.continuation, '"in parts', false);
    client.send(OPCODE.continuation, '"}', true);
    const pong = await client.frame();
    assert.equal(pong.opcode, OPCODE.pong);
    assert.equal(pong.payload.toString(), 'are you there?');
    assert.equal(parseFragment(await client.text()).body, 'in parts');
  });

  test('renders a message as on the page', async (t) => {
    const { port } = await openApp(t);
    const page = await join(t, port, '/rooms/lobby/live');
    const client = await RawClient.open(t, port, '/chat');
    await client.head();
    await client.text();
    client.post('**hello** @Ada, //usr');
    const html = await client.text();
    assert.equal(
      parseFragment(html).body,
      '<strong>hello</strong> <span class="mention">@Ada</span>, //usr',
    );
    assert.ok((await page.until((frames) => frames.some(isMessage))).includes(html));
    client.post('/me waves');
    assert.match(await client.text(), /^<article class="message emote"/);
  });

  test('has another history for another room', async (t) => {
    const { port } = await openApp(t);
    const here = await RawClient.open(t, port, '/chat?room=here');
    const there = await RawClient.open(t, port, `/chat?room=${encodeURIComponent('那边')}`);
    for (const client of [here, there]) {
      await client.head();
      await client.text();
    }
    here.post('to here');
    there.post('to there');
    assert.equal(parseFragment(await here.text()).body, 'to here');
    assert.equal(parseFragment(await there.text()).body, 'to there');
  });

  test('sends an error to the sender only, as a fragment to append', async (t) => {
    const { port } = await openApp(t);
    const client = await RawClient.open(t, port, '/chat');
    const other = await RawClient.open(t, port, '/chat');
    for (const one of [client, other]) {
      await one.head();
      await one.text();
    }
    client.send(OPCODE.text, 'hello?');
    const error = await client.text();
    assert.match(error, /^<p [^>]*class="notice"[^>]*data-code="not-json"/);
    client.post('hello');
    assert.ok(isMessage(await client.text()));
    assert.ok(isMessage(await other.text()), 'the other receives only the message');
  });
});
