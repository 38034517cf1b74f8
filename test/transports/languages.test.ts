import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Language, languages, t as translate } from '../../server/shared/i18n.ts';
import { tornadoFraming, webSocketFraming } from '../../server/transports/framing/websocket.ts';
import { isMessage, join } from '../support/client.ts';
import { post, transports } from '../support/listeners.ts';
import { countingRenderer, openLog, openWaiter, postMessage } from '../support/rendering.ts';
import { openApp } from '../support/server.ts';

/** The label of a guest in each language. */
const GUEST = Object.fromEntries(
  languages.map((language) => [language, translate(language, 'guest')]),
) as Readonly<Record<Language, string>>;

/** Fails unless a text contains words of this language, and of no other. */
function isIn(language: Language, text: string): void {
  for (const [other, word] of Object.entries(GUEST)) {
    assert.equal(text.includes(word), other === language, `${language}: ${text}`);
  }
}

/** How to ask for Chinese on a server whose language is English, and the other way around. */
const CHOICES: readonly {
  readonly how: string;
  readonly server?: Language;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly language: Language;
}[] = [
  { how: 'the query', query: 'lang=zh', headers: { Cookie: 'language=en' }, language: 'zh' },
  {
    how: 'the cookie',
    headers: { Cookie: 'language=zh', 'Accept-Language': 'en' },
    language: 'zh',
  },
  {
    how: 'Accept-Language',
    headers: { 'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.8' },
    language: 'zh',
  },
  { how: 'Accept-Language', server: 'zh', headers: { 'Accept-Language': 'en' }, language: 'en' },
  { how: "the server's language", server: 'zh', language: 'zh' },
  {
    how: "the server's language, where the others are none of ours",
    server: 'zh',
    query: 'lang=xx',
    headers: { Cookie: 'language=yy', 'Accept-Language': 'fr' },
    language: 'zh',
  },
];

/** What a client receives of a room with one message, from every endpoint with fragments. */
async function* answers(t: TestContext, port: number, { query = '', headers = {} }) {
  const get = async (path: string) => {
    const url = `http://127.0.0.1:${port}/rooms/lobby${path}`;
    const response = await fetch(`${url}${path.includes('?') ? '&' : '?'}${query}`, {
      headers: { Accept: 'text/html', ...headers },
    });
    assert.ok(response.ok, `${path} ${response.status}`);
    return response;
  };
  for (const path of [
    '',
    '?at=1',
    '/plain',
    '/present',
    '/messages',
    '/messages/1',
    '/messages?limit=5',
    '/messages?before=9',
  ]) {
    yield [path, await (await get(path)).text()] as const;
  }
  const sockets = ['/chat?', '/rooms/lobby/live?'];
  for (const path of sockets) {
    const client = await join(t, port, path + query, { headers });
    yield [path, (await client.until((frames) => frames.some(isMessage))).join('')] as const;
    if (path === '/chat?') continue;
    const { ephemeralFrames } = client;
    await client.untilEphemeral(() =>
      ephemeralFrames.some((text) => text.includes('class="member')),
    );
    yield ['presence', ephemeralFrames.join('')] as const;
    // The guest of this WebSocket is present, and gone with it.
    yield ['/presence', await (await get('/presence')).text()] as const;
  }
  const stream = (await get('/events')).body?.pipeThrough(new TextDecoderStream());
  let text = '';
  for await (const piece of stream ?? []) {
    text += piece;
    if (text.includes('</article>')) break;
  }
  yield ['/events', text] as const;
}

suite('Each client is sent one language', () => {
  for (const { how, server = 'en', language, ...choice } of CHOICES) {
    test(`which is ${language}, by ${how}, on every endpoint`, async (t) => {
      const { port } = await openApp(t, { language: server });
      await post(port, 'lobby', 'hello');
      for await (const [path, text] of answers(t, port, choice)) {
        const fragments = text.match(/<(article|li class="member).*?<\/(article|li)>/gs) ?? [];
        assert.ok(fragments.length > 0, path);
        for (const fragment of fragments) isIn(language, fragment);
      }
    });
  }

  for (const transport of transports.filter(({ type }) => type === 'html')) {
    test(`and another one another language, by ${transport.name}`, async (t) => {
      const { port } = await openApp(t);
      const all = languages.map(async (language) => {
        const listener = await transport.listen(t, port, 'class', undefined, {
          'Accept-Language': language,
        });
        return { language, listener: await listener.untilLive() };
      });
      const listeners = await Promise.all(all);
      const owner = await join(t, port, '/rooms/class/live', { protocols: ['json'] });
      await owner.waitForFrames(2);
      owner.post('hello');
      for (const { listener } of listeners)
        await listener.until(() => listener.bodies.length === 1);
      for (const { language, listener } of listeners) isIn(language, listener.html);
    });
  }

  test('including its errors', async (t) => {
    const { port } = await openApp(t, { language: 'zh' });
    const url = `http://127.0.0.1:${port}/rooms/lobby/events?after=x`;
    assert.match(await (await fetch(url)).text(), /\p{Script=Han}/u);
    assert.doesNotMatch(await (await fetch(`${url}&lang=en`)).text(), /\p{Script=Han}/u);
    for (const protocols of [['html'], ['json']]) {
      const client = await join(t, port, '/rooms/lobby/live?lang=en', { protocols });
      client.send('?');
      const frames = await client.until((all) => all.some((text) => text.includes('not-json')));
      assert.doesNotMatch(frames.join(''), /\p{Script=Han}/u);
    }
  });
});

suite('A cached response', () => {
  test('in one language is not valid for another', async (t) => {
    const { port } = await openApp(t);
    await post(port, 'lobby', 'hello');
    for (const path of ['/messages', '/plain']) {
      const url = `http://127.0.0.1:${port}/rooms/lobby${path}`;
      const get = (language: string, etag = '') =>
        fetch(url, { headers: { 'Accept-Language': language, 'If-None-Match': etag } });
      const english = await get('en');
      const etag = english.headers.get('etag') ?? '';
      const vary = english.headers.get('vary') ?? '';
      for (const header of ['Accept-Language', 'Cookie']) assert.ok(vary.includes(header), vary);
      assert.equal((await get('en')).headers.get('etag'), etag);
      const chinese = await get('zh', etag);
      assert.equal(chinese.status, 200);
      assert.notEqual(chinese.headers.get('etag'), etag);
      assert.ok((await chinese.text()).includes(GUEST.zh));
    }
  });
});

suite('A message is rendered once for each language in use', () => {
  test('whatever number of clients there are', async (t) => {
    const { open } = await openLog(t);
    const counting = countingRenderer();
    const room = await open(counting.renderer);
    const clients = [
      ...[webSocketFraming('en'), webSocketFraming('en'), tornadoFraming('en')],
      ...[webSocketFraming('zh'), tornadoFraming('zh')],
    ].map((framing) => openWaiter(room, framing));
    for (const { waiter } of clients) await waiter.start();
    await postMessage(room, 'hello');
    assert.deepEqual([counting.en, counting.zh, counting.json], [1, 1, 0]);
    const chinese = clients.slice(3);
    for (const { waiter } of chinese) room.unsubscribe(waiter);
    await postMessage(room, 'hello again');
    assert.deepEqual([counting.en, counting.zh, counting.json], [2, 1, 0]);
    const program = openWaiter(room, webSocketFraming('json'));
    await program.waiter.start();
    await postMessage(room, 'and again');
    assert.deepEqual([counting.en, counting.zh, counting.json], [3, 1, 3]);
  });

  test('and read from the cache by the next clients, in their languages', async (t) => {
    const { open } = await openLog(t);
    await postMessage(await open(), 'hello');
    const counting = countingRenderer();
    const room = await open(counting.renderer);
    for (const type of ['en', 'zh', 'en', 'zh', 'json'] as const) {
      const { fragments } = await room.history.changesSince(undefined, { type, address: 'a' });
      const [text = ''] = fragments.map((fragment) => fragment.text(type));
      if (type !== 'json') isIn(type, text);
    }
    assert.deepEqual([counting.en, counting.zh, counting.json], [1, 1, 1]);
  });
});
