import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { suite, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { VIEWS } from '../../server/features/rooms/room-page.ts';
import { bundleAssets } from '../../server/http/assets.ts';
import { type Language, languages, messagesFor } from '../../server/shared/i18n.ts';
import { suiteApp } from '../support/server.ts';

interface Received {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A response as it is on the wire: fetch would decompress it. */
function receive(url: string, accepted: string, sent = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'Accept-Encoding': accepted, ...sent } });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      const { statusCode: status, headers } = response;
      response.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks) }));
    });
  });
}

const PAGE = { Accept: 'text/html' };

suite('A compressed response', () => {
  const app = suiteApp();

  test('A page is compressed by brotli, or else by gzip, and has the same text.', async () => {
    const { url } = app;
    const plain = await receive(`${url}/rooms`, 'identity', PAGE);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.match(plain.headers.vary ?? '', /Accept-Encoding/);
    for (const [accepted, encoding, decode] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip', 'gzip', gunzipSync],
    ] as const) {
      const { headers, body } = await receive(`${url}/rooms`, accepted, PAGE);
      assert.equal(headers['content-encoding'], encoding, accepted);
      assert.equal(headers['content-length'], `${body.length}`);
      assert.equal(decode(body).toString(), plain.body.toString());
      assert.ok(body.length < plain.body.length / 2);
    }
  });

  test('Scripts and styles are compressed once, and their text is that of the bundle.', async () => {
    const { url } = app;
    const { style, room } = await bundleAssets();
    for (const path of [style, room.path]) {
      const plain = await receive(url + path, 'identity');
      const { headers, body } = await receive(url + path, 'br');
      assert.equal(headers['content-encoding'], 'br');
      assert.equal(headers['content-type'], plain.headers['content-type']);
      assert.match(headers['cache-control'] ?? '', /immutable/);
      assert.equal(brotliDecompressSync(body).toString(), plain.body.toString());
    }
  });

  test('A page that may repeat a text of its request is not compressed.', async () => {
    const { url } = app;
    for (const path of [
      '/sign-in?next=/rooms/a',
      '/rooms/lobby/search?q=secret',
      '/rooms?lang=secret',
      '/rooms?lang=en1=1',
      '/rooms?secret=1',
      '/rooms/lobby?view=secret',
      '/rooms/lobby?embed&secret',
      '/nowhere?a=b',
    ]) {
      const { headers } = await receive(url + path, 'br', PAGE);
      assert.equal(headers['content-encoding'], undefined, path);
    }
    const views = VIEWS.map((view) => `/rooms/lobby?view=${view}`);
    for (const path of [
      '/rooms?page=1',
      '/rooms/lobby?embed',
      '/rooms/lobby?embed&lang=zh',
      ...views,
    ]) {
      const { headers } = await receive(url + path, 'br', PAGE);
      assert.equal(headers['content-encoding'], 'br', `${path}: numbers and choices are no text`);
    }
  });

  test('A page of the history is compressed, as a page requests it in its language.', async () => {
    const { url } = app;
    for (let n = 1; n <= 10; n += 1) {
      const message = `message ${n} of a long history ${'and more '.repeat(10)}`;
      const body = JSON.stringify({ message });
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
      const response = await fetch(`${url}/rooms/lobby/messages`, {
        method: 'POST',
        headers,
        body,
      });
      assert.equal(response.status, 201);
    }
    for (const lang of languages) {
      const path = `${url}/rooms/lobby/messages?since=0&limit=50&lang=${lang}`;
      const plain = await receive(path, 'identity', PAGE);
      const { headers, body } = await receive(path, 'br', PAGE);
      assert.equal(headers['content-encoding'], 'br');
      assert.equal(brotliDecompressSync(body).toString(), plain.body.toString());
      assert.ok(
        body.length < plain.body.length / 4,
        `${body.length} of ${plain.body.length} bytes`,
      );
    }
  });

  test('The entity tag of a compressed page is weak, and still answers with 304.', async () => {
    const { url } = app;
    const path = `${url}/rooms/lobby/plain`;
    const { headers } = await receive(path, 'br', PAGE);
    if (headers['content-encoding'] === undefined) assert.ok(headers.etag);
    else assert.match(headers.etag ?? '', /^W\//);
    const again = await receive(path, 'br', { ...PAGE, 'If-None-Match': headers.etag });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
  });

  test('A stream of events is not compressed.', async () => {
    const { url } = app;
    const encoding = await new Promise((resolve) => {
      const request = get(`${url}/rooms/lobby/events`, { headers: { 'Accept-Encoding': 'br' } });
      request.on('response', ({ headers }) => {
        resolve(headers['content-encoding']);
        request.destroy();
      });
      request.on('error', () => {});
    });
    assert.equal(encoding, undefined);
  });

  test('A room with its scripts and styles is less than 90 kB on the wire.', async () => {
    const { url } = app;
    const { room, style } = await bundleAssets();
    let bytes = 0;
    for (const path of ['/', style, room.path, ...room.imports]) {
      bytes += (await receive(url + path, 'br', PAGE)).body.length;
    }
    assert.ok(bytes < 90_000, `${bytes} bytes`);
  });
});

suite('The texts in a page', () => {
  const app = suiteApp();
  const FOLDERS = {
    room: ['room', 'lib', 'connection'],
    rooms: ['rooms'],
    search: ['search'],
    present: ['projector'],
    transports: ['transport-lab'],
  } as const;

  test('are all that its scripts use, in its language alone.', async () => {
    const assets = await bundleAssets();
    for (const [page, folders] of Object.entries(FOLDERS)) {
      const files = folders.flatMap((folder) => globSync(`static/client/${folder}/**/*.ts`));
      const source = files.map((file) => readFileSync(file, 'utf8')).join('\n');
      const used = [...source.matchAll(/\bt\(\s*'([\w-]+)'/g)].map(([, key = '']) => key);
      const { texts } = assets[page as keyof typeof FOLDERS];
      for (const language of ['en', 'zh'] as const satisfies readonly Language[]) {
        const given = JSON.parse(texts[language]);
        for (const key of used) assert.ok(key in given, `${page}, ${language}: ${key}`);
        assert.deepEqual(
          Object.entries(given).filter(
            ([key, text]) =>
              JSON.stringify(text) !==
              JSON.stringify((messagesFor(language) as Record<string, unknown>)[key]),
          ),
          [],
        );
      }
    }
  });

  test('are fewer than the catalogue, and no script has another.', async () => {
    const { url } = app;
    const { room } = await bundleAssets();
    assert.ok(room.texts.en.length < 10_000, `${room.texts.en.length}`);
    for (const path of [room.path, ...room.imports]) {
      const script = await (await fetch(url + path)).text();
      assert.ok(!script.includes(messagesFor('zh')['first-message'] as string), path);
    }
  });
});
