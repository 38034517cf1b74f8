import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join as joinPath } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { join } from '../../support/client.ts';
import { freezeClock } from '../../support/clock.ts';
import {
  AVIF,
  blackPng,
  createImage,
  decodeImage,
  fromPhone,
  LOCATION,
} from '../../support/images.ts';
import { openApp, spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';
import { waitWhile } from '../../support/wait-while.ts';

interface File {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly type?: string;
  readonly width?: number;
  readonly height?: number;
  readonly path: string;
}

async function putFile(...args: Parameters<typeof uploadFile>): Promise<File> {
  const response = await uploadFile(...args);
  assert.equal(response.status, 201, await response.clone().text());
  return ((await response.json()) as { file: File }).file;
}

/** A server, and what is in its folder of files. */
async function openWithFolder(
  t: TestContext,
  ...more: Parameters<typeof openApp> extends [unknown, ...infer R] ? R : never
) {
  const [config, timing] = more;
  const data = temporaryFolder(t);
  const app = await openApp(t, { data, ...config }, timing);
  return { ...app, data, left: () => readdirSync(joinPath(data, 'files')) };
}

/** Waits until these are left on the disk, and no others: what is gone leaves it a little later. */
async function leaves(left: () => readonly string[], ...expected: readonly string[]) {
  await waitWhile(() => `${left().toSorted()}` !== `${expected.toSorted()}`);
}

const share = (guest: TestUser, files: readonly string[], message = '', more: object = {}) =>
  guest.post('/rooms/a/messages', { message, files, ...more });

suite('A file', () => {
  test('is attached to a message, for every transport and as JSON', async (t) => {
    const sea = await createImage('jpeg', 800, 400);
    const { port } = await openApp(t);
    const ann = await createGuest(port);
    const [chat, live] = [
      await join(t, port, '/chat?room=a'),
      await join(t, port, '/rooms/a/live', { protocols: ['json'] }),
    ];
    const photo = await putFile(ann, 'sea.jpg', sea);
    const notes = await putFile(ann, 'notes.txt', 'hello');
    assert.equal((await share(ann, [photo.id, notes.id])).status, 201);
    const [, fragment = ''] = await chat.waitForFrames(2);
    assert.match(
      fragment,
      new RegExp(
        `<img src="${photo.path}\\?preview" width="640" height="320" loading="lazy" decoding="async" alt="sea.jpg">`,
      ),
    );
    assert.match(
      fragment,
      new RegExp(
        `href="${notes.path}" download="notes.txt"><bdi>notes.txt</bdi> <span class="small">5 B<`,
      ),
    );
    assert.doesNotMatch(fragment, /class="body/, 'a text that is empty is not there');
    const received = (await live.until((all) => all.some((text) => text.includes('notes'))))
      .map((text) => JSON.parse(text))
      .find(({ type }) => type === 'message');
    assert.deepEqual(received.files, [photo, notes]);
  });

  test('stays with its message when that is edited, is quoted and found by its name', async (t) => {
    const { port, left } = await openWithFolder(t);
    const [ann, ben] = [await createGuest(port), await createGuest(port)];
    const file = await putFile(ann, 'harbour-map.pdf', 'x');
    const { id } = (await (await share(ann, [file.id], 'with words')).json()).message;
    const read = async (of: number) => (await ann.get(`/rooms/a/messages/${of}`)).text();
    assert.equal(await outcome(ann.command('a', { type: 'edit', id, message: ' ' })), '200');
    const edited = await read(id);
    assert.match(edited, /harbour-map\.pdf<.*class="edited"/s);
    assert.doesNotMatch(edited, /class="body| required>\n/);
    const answer = await ben.post('/rooms/a/messages', { message: 'a map', reply: id });
    assert.equal((await answer.json()).message.reply.text, 'harbour-map.pdf');
    const { message: plain } = await (await ann.postMessage('a', 'words alone')).json();
    const own = { type: 'edit', id: plain.id, message: '' };
    assert.equal(await outcome(ann.command('a', own)), '400 empty-message');
    const find = async (q: string) => {
      const json = { Accept: 'application/json' };
      const found = await (await ann.get(`/rooms/a/search?q=${q}`, json)).json();
      return (found as { messages: { id: number }[] }).messages.map(({ id }) => id);
    };
    assert.deepEqual(await find('harbour'), [id]);
    assert.match(
      await (await ann.get('/rooms/a/search?q=harbour')).text(),
      /<mark>harbour<\/mark>-map/,
    );
    assert.equal(await outcome(ann.command('a', { type: 'delete', id })), '200');
    assert.deepEqual(await find('harbour'), []);
    await leaves(left);
    assert.equal((await ann.get(file.path)).status, 404);
  });

  test('is revalidated at each request, costs nothing while unchanged, and is gone at once when deleted', async (t) => {
    const sea = await createImage('jpeg', 800, 400);
    const { port } = await openApp(t);
    const ann = await createGuest(port);
    const { id, path } = await putFile(ann, 'sea.jpg', sea);
    const posted = (await (await share(ann, [id])).json()) as { message: { id: number } };
    for (const address of [path, `${path}?preview`]) {
      const first = await ann.get(address);
      assert.equal(first.headers.get('cache-control'), 'private, no-cache');
      const etag = first.headers.get('etag') ?? '';
      assert.notEqual((await first.arrayBuffer()).byteLength, 0);
      // Without this, fetch requests a response without cache.
      const cached = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
      const again = await ann.get(address, cached);
      assert.deepEqual([again.status, (await again.arrayBuffer()).byteLength], [304, 0]);
      const other = await ann.get(address, { 'If-None-Match': '"another"' });
      assert.equal(other.status, 200);
      await other.arrayBuffer();
    }
    const etag = (await ann.get(path)).headers.get('etag') ?? '';
    assert.equal(await outcome(ann.command('a', { type: 'delete', id: posted.message.id })), '200');
    assert.equal((await ann.get(path, { 'If-None-Match': etag })).status, 404);
  });

  test('that is no image is a download, and no script in it ever runs', async (t) => {
    const { port } = await openApp(t);
    const ann = await createGuest(port);
    const script = '<script>alert(1)</script>';
    for (const [name, bytes] of [
      ['a.html', `<!doctype html>${script}`],
      ['a.svg', `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`],
      ['a.png', script],
      ['a.pdf', '%PDF-1.7'],
    ] as const) {
      const { path, type, size } = await putFile(ann, name, bytes);
      assert.equal(type, undefined);
      assert.equal(size, bytes.length);
      const response = await ann.get(path);
      assert.equal(await response.text(), bytes);
      const { headers } = response;
      assert.equal(headers.get('content-type'), 'application/octet-stream');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('content-disposition'), `attachment; filename="${name}"`);
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none';.* sandbox$/);
      assert.equal(headers.get('cache-control'), 'private, no-cache');
      assert.equal(headers.get('content-length'), `${size}`);
    }
  });

  test('has a name that is only text', async (t) => {
    const { port } = await openApp(t);
    const ann = await createGuest(port);
    for (const [name, shown] of [
      ['../../etc/passwd', 'passwd'],
      ['..\\..\\boot.ini', 'boot.ini'],
      ['..', 'file'],
      ['', 'file'],
      ['/', 'file'],
      ['a\r\nSet-Cookie: x=y.txt', 'aSet-Cookie: x=y.txt'],
      ['photo\u202egpj.exe', 'photogpj.exe'],
      [`"'><img src=x onerror=alert(1)>`, `"'><img src=x onerror=alert(1)>`],
      [`${'x'.repeat(300)}.tar`, `${'x'.repeat(116)}.tar`],
      ['年度报告 😀.pdf', '年度报告 😀.pdf'],
      ['wöchentlicher_plan.pdf', 'wöchentlicher_plan.pdf'],
      ['\0\ud800', '\ufffd'],
    ] as const) {
      const file = await putFile(ann, name, 'x');
      assert.equal(file.name, shown);
      const disposition = (await ann.get(file.path)).headers.get('content-disposition') ?? '';
      assert.match(disposition, /^attachment; filename="?[\x20-\x7e]+"?$/);
      const [, encoded] = /filename\*=UTF-8''(.*)$/.exec(disposition) ?? [];
      if (encoded) assert.equal(decodeURIComponent(encoded), shown);
      const html = await (
        await ann.post('/rooms/a/messages', { message: '', files: [file.id] })
      ).text();
      assert.equal(JSON.parse(html).message.files[0].name, shown);
    }
    const page = await (await ann.get('/rooms/a')).text();
    assert.doesNotMatch(page, /<img src=x/);
  });

  test('can be attached only by its uploader, in its room, and once', async (t) => {
    const { port } = await openApp(t);
    const [ann, bob] = [await createGuest(port), await createGuest(port)];
    const { id, path } = await putFile(ann, 'a.txt', 'x');
    assert.equal(await outcome(share(bob, [id])), '404 no-such-file');
    assert.equal(
      await outcome(ann.post('/rooms/b/messages', { message: '', files: [id] })),
      '404 no-such-file',
    );
    assert.equal(await outcome(share(ann, ['f'.repeat(32)])), '404 no-such-file');
    for (const files of [['x'], [id, id], manyIds(21), [{}]]) {
      assert.equal(await outcome(share(ann, files as string[])), '400 invalid-files');
    }
    assert.equal(await outcome(share(ann, [])), '400 empty-message');
    assert.equal(await outcome(share(ann, [id], '', { cid: 'c-1' })), '201');
    assert.equal(await outcome(share(ann, [id], '', { cid: 'c-1' })), '200', 'the same once more');
    assert.equal(await outcome(share(ann, [], 'x', { cid: 'c-1' })), '409 cid-reused');
    assert.equal(await outcome(share(ann, [id])), '409 file-already-attached');
    assert.equal((await ann.get(path.replace('/a/', '/b/'))).status, 404);
    assert.equal((await ann.get('/rooms/a/files/..%2f..%2fsecret')).status, 404);
  });

  test('is deleted from the disk with its message, and with its room’s history', async (t) => {
    const { port, left, url } = await openWithFolder(t);
    assert.ok(url);
    const ann = await signIn(port, 'Ann');
    await ann.createRoom('a');
    const one = await putFile(ann, 'sea.jpg', await createImage('jpeg', 800, 400));
    const two = await putFile(ann, 'two.txt', 'x');
    const three = await putFile(ann, 'three.txt', 'x');
    const first = await (await share(ann, [one.id, two.id])).json();
    await share(ann, [three.id]);
    assert.equal(left().length, 4, 'the photo has a small one beside it');
    await ann.command('a', { type: 'delete', id: first.message.id });
    for (const { path } of [one, two]) assert.equal((await ann.get(path)).status, 404);
    await leaves(left, three.id);
    const unused = await putFile(ann, 'unused.txt', 'x');
    await ann.command('a', { type: 'clear-history' });
    assert.equal((await ann.get(three.path)).status, 404);
    // What is still to be sent stays.
    await leaves(left, unused.id);
    assert.equal(await outcome(share(ann, [unused.id])), '201');
  });

  test('is served to users with access to its room, and uploaded by users who may post there', async (t) => {
    const { port } = await openApp(t);
    const [ann, bob] = [await signIn(port, 'Ann'), await signIn(port, 'Bob')];
    await ann.createRoom('a', { password: 'tulip' });
    const { path } = await putFile(ann, 'a.txt', 'x');
    assert.equal((await bob.get(path)).status, 403);
    assert.equal(await outcome(uploadFile(bob, 'b.txt', 'x')), '403 password-required');
    await ann.createRoom('b');
    await ann.command('b', { type: 'mute', uid: bob.uid, minutes: 5 });
    assert.equal(await outcome(uploadFile(bob, 'b.txt', 'x', 'b')), '403 muted');
    await ann.command('b', { type: 'set-locked', enabled: true });
    assert.equal(
      await outcome(uploadFile(await createGuest(port), 'c.txt', 'x', 'b')),
      '403 locked',
    );
  });

  test('outlives a restart; unattached files and leftovers of a crash do not', async (t) => {
    const data = temporaryFolder(t);
    const folder = joinPath(data, 'files');
    const first = await openApp(t, { data });
    const ann = await createGuest(first.port);
    const sent = await putFile(ann, 'sent.txt', 'x');
    const unsent = await putFile(ann, 'unsent.txt', 'x');
    await share(ann, [sent.id]);
    await first.close();
    mkdirSync(folder, { recursive: true });
    const drafts = ['.part', '.clean.part', '.preview.part'].map((end) => 'a'.repeat(32) + end);
    for (const name of [...drafts, 'of-somebody-else']) writeFileSync(joinPath(folder, name), 'x');
    const second = await openApp(t, { data });
    const files = [sent.id, unsent.id, 'of-somebody-else'];
    assert.deepEqual(readdirSync(folder).toSorted(), files.toSorted());
    assert.equal(await (await createGuest(second.port)).get(sent.path).then((r) => r.text()), 'x');
    await second.close();
    await openApp(t, { data }, { unattachedFileTtlMs: 1 });
    await waitWhile(() => readdirSync(folder).includes(unsent.id));
    assert.deepEqual(readdirSync(folder).toSorted(), [sent.id, 'of-somebody-else'].toSorted());
  });
});

suite('An upload', () => {
  test('that is too large is rejected, by its declared size and by its actual size', async (t) => {
    const { port, left } = await openWithFolder(t, { maxUploadMiB: 1 });
    const ann = await createGuest(port);
    const most = Buffer.alloc(1024 * 1024);
    assert.equal(await outcome(uploadFile(ann, 'a', most)), '201');
    assert.equal(left().length, 1);
    assert.equal(
      await outcome(uploadFile(ann, 'a', Buffer.alloc(most.length + 1))),
      '413 file-too-large',
    );
    const socket = connect(port, '127.0.0.1');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    socket.write(
      `POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`,
    );
    const [answer] = await once(socket, 'data');
    assert.match(`${answer}`, /^HTTP\/1\.1 413 .*file-too-large/s);
    socket.destroy();
    assert.equal(await outcome(uploadFile(ann, 'a', '')), '400 empty-file');
    assert.equal(left().length, 1);
  });

  test('that is aborted or stalls leaves nothing behind', async (t) => {
    const begin = (port: number) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        'POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nhalf',
      );
      return socket;
    };
    const { port, left } = await openWithFolder(t);
    const broken = begin(port);
    await waitWhile(() => left().length === 0);
    broken.resetAndDestroy();
    await waitWhile(() => left().length > 0);
    const short = await openWithFolder(t, {}, { bodyTimeoutMs: 2_000 });
    const [answer] = await once(begin(short.port), 'data');
    assert.match(`${answer}`, /^HTTP\/1\.1 408 /);
    await waitWhile(() => short.left().length > 0);
  });

  test('may take longer than other requests, as long as data arrives', async (t) => {
    // A machine that is busy pauses for a second or two.
    const { port } = await openApp(t, {}, { bodyTimeoutMs: 4_000 });
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n',
    );
    let sent = 0;
    const timer = setInterval(() => {
      socket.write('x');
      sent += 1;
      if (sent === 10) clearInterval(timer);
    }, 500);
    t.after(() => clearInterval(timer));
    const [answer] = await once(socket, 'data');
    assert.match(`${answer}`, /^HTTP\/1\.1 201 /);
    socket.destroy();
  });

  test('for which the disk has no space is rejected, and the chat goes on', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data]);
    const ann = await createGuest(await server.listening());
    // The system lets no file of the server's grow beyond this.
    execFileSync('prlimit', ['--pid', `${server.child.pid}`, `--fsize=${1024 * 1024}:`]);
    const large = Buffer.alloc(2 * 1024 * 1024);
    assert.equal(await outcome(uploadFile(ann, 'large', large)), '507 storage-full');
    assert.deepEqual(readdirSync(joinPath(data, 'files')), []);
    assert.equal(await outcome(ann.postMessage('a', 'still here')), '201');
    assert.equal(await outcome(uploadFile(ann, 'small', 'x')), '201');
    await server.end('SIGTERM');
    assert.deepEqual(server.codes, ['uploads-full', 'uploads-recovered']);
  });

  test('is rejected where the server accepts none', async (t) => {
    const { port } = await openApp(t, { maxUploadMiB: 0 });
    const ann = await createGuest(port);
    assert.equal(await outcome(uploadFile(ann, 'a', 'x')), '403 uploads-disabled');
    assert.doesNotMatch(await (await ann.get('/rooms/a')).text(), /type="file"/);
  });

  test('is rejected while too many are in progress, from its address or in all', async (t) => {
    const { port, left } = await openWithFolder(t, { trustProxy: 1 });
    const begun: Socket[] = [];
    const begin = async (address: string, count: number) => {
      for (let n = 0; n < count; n += 1) {
        const socket = connect(port, '127.0.0.1');
        begun.push(socket);
        socket.write(
          `POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${address}\r\nContent-Length: 99\r\n\r\nhalf`,
        );
      }
      const coming = () => left().filter((name) => name.endsWith('.part'));
      await waitWhile(() => coming().length < begun.length);
    };
    const [ann, ben, cy] = await Promise.all(
      ['192.0.2.1', '192.0.2.4', '192.0.2.5'].map((address) => createGuest(port, { address })),
    );
    assert.ok(ann && ben && cy);
    await begin('192.0.2.1', 50);
    assert.equal(await outcome(uploadFile(ann, 'a', 'x')), '503 overloaded');
    await begin('192.0.2.2', 50);
    await begin('192.0.2.3', 50);
    await begin('192.0.2.4', 49);
    assert.equal(await outcome(uploadFile(ben, 'a', 'x', 'b')), '201');
    await begin('192.0.2.4', 1);
    assert.equal(await outcome(uploadFile(cy, 'a', 'x')), '503 overloaded');
    for (const socket of begun) socket.resetAndDestroy();
    let last = '503 overloaded';
    while (last === '503 overloaded') last = await outcome(uploadFile(cy, 'a', 'x'));
    assert.equal(last, '201');
  });

  test('is rate-limited by its address', async (t) => {
    const { port } = await openApp(t, { rateLimits: true });
    const ann = await createGuest(port);
    // On a machine that is busy they take a while, and more are let in meanwhile.
    const codes = await Promise.all(
      Array.from({ length: 600 }, () => outcome(uploadFile(ann, 'a', ''))),
    );
    const held = codes.filter((code) => code === '429 rate-limited');
    assert.ok(held.length > 0 && held.length <= 300, `${held.length}`);
  });

  test('counts as one for the rate limit, also where a form has twenty files', async (t) => {
    freezeClock(t);
    const { port } = await openApp(t, { rateLimits: true });
    const ann = await createGuest(port);
    const send = () => {
      const form = new FormData();
      for (let n = 0; n < 20; n += 1) form.append('files', new Blob([]), `${n}.txt`);
      return fetch(`http://127.0.0.1:${port}/rooms/a/messages`, {
        method: 'POST',
        headers: { ...ann.headers, Accept: 'application/json' },
        body: form,
      });
    };
    for (let n = 0; n < 15; n += 1) assert.equal(await outcome(send()), '400 empty-file');
    assert.equal(await outcome(send()), '429 rate-limited');
  });

  test('works with a form without scripts, several files at once, with the text', async (t) => {
    const sea = await createImage('gif', 40, 20);
    const { port, left } = await openWithFolder(t, { maxUploadMiB: 1 });
    const ann = await createGuest(port);
    const send = (
      files: readonly (readonly [string, string | Buffer<ArrayBuffer>])[],
      message: string,
    ) => {
      const form = new FormData();
      form.append('cid', 'c-1');
      form.append('message', message);
      for (const [name, bytes] of files) form.append('files', new Blob([bytes]), name);
      return fetch(`http://127.0.0.1:${port}/rooms/a/messages`, {
        method: 'POST',
        headers: { ...ann.headers, Accept: 'text/html' },
        body: form,
        redirect: 'manual',
      });
    };
    assert.equal((await send([['', '']], 'no file')).status, 303);
    const names = ['a.txt', '<b>.html', 'sea.gif'] as const;
    const sent = await send(
      [
        [names[0], 'x'],
        [names[1], 'y'],
        [names[2], sea],
      ],
      '',
    );
    assert.equal(sent.status, 303);
    const page = await (await ann.get('/rooms/a/plain')).text();
    assert.match(page, />no file</);
    assert.match(page, /<bdi>a\.txt<.*<bdi>&lt;b&gt;\.html<.*<img [^>]*alt="sea.webp"/s);
    const large = await send([['large', Buffer.alloc(2 * 1024 * 1024)]], 'keep me');
    assert.equal(large.status, 413);
    assert.match(await large.text(), /Files are limited to 1 MiB\..*>keep me<\/textarea>/s);
    assert.equal(left().length, 3);
  });
});

suite('An uploaded image', () => {
  test('is served without its location, upright, and no larger than necessary', async (t) => {
    const { port, left } = await openWithFolder(t);
    const ann = await createGuest(port);
    // Taken with the phone on its side: red is above when it is upright.
    const photo = fromPhone(await createImage('jpeg', 2_700, 1_350), 6);
    assert.match(photo.toString('latin1'), /Exif.*Cairo/s);
    const { path, width, height, type, id } = await putFile(ann, 'me.JPG', photo);
    assert.deepEqual([type, width, height], ['image/jpeg', 1_280, 2_560]);
    for (const [query, size] of [
      ['', 2_560],
      ['?preview', 640],
    ] as const) {
      const response = await ann.get(path + query);
      assert.match(response.headers.get('content-type') ?? '', /^image\/(jpeg|webp)$/);
      assert.equal(response.headers.get('content-disposition'), 'inline; filename="me.JPG"');
      const bytes = Buffer.from(await response.arrayBuffer());
      const text = bytes.toString('latin1');
      assert.ok(
        !/Exif|GPS|xmp|MM\0\*/i.test(text) && !text.includes(LOCATION),
        'nothing of it is left',
      );
      const { corners, ...seen } = await decodeImage(bytes);
      assert.deepEqual(seen, { width: size / 2, height: size, frames: 1 });
      assert.equal(corners, 'red red blue');
    }
    assert.deepEqual(left().toSorted(), [id, `${id}.preview`], 'the original is not stored');
  });

  test('of a type that not all browsers show has the name of the type it is converted to', async (t) => {
    const { port } = await openApp(t);
    const file = await putFile(await createGuest(port), 'a.heif', AVIF);
    assert.deepEqual([file.type, file.name], ['image/webp', 'a.webp']);
  });

  test('that cannot be sanitized or read, or is a decompression bomb, is rejected and not stored', async (t) => {
    const { port, left } = await openWithFolder(t);
    const ann = await createGuest(port);
    const jpeg = await createImage('jpeg', 60, 40);
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0meta', 'latin1');
    for (const [bytes, expected] of [
      [heic, '415 unsupported-image'],
      [Buffer.from('II*\0\x08\0\0\0'), '415 unsupported-image'],
      [jpeg.subarray(0, 100), '400 broken-image'],
      [blackPng(8_000, 8_000), '413 image-too-large'],
    ] as const) {
      assert.equal(await outcome(uploadFile(ann, 'x.jpg', bytes)), expected);
    }
    assert.deepEqual(left(), []);
    const film = Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp41\0\0\0\0moov', 'latin1');
    assert.equal(await outcome(uploadFile(ann, 'film.mp4', film)), '201');
  });
});

suite('Images that are sent with a poll', () => {
  test('belong to its options, in their order, and are deleted with it', async (t) => {
    const { port, left } = await openWithFolder(t);
    const ann = await signIn(port, 'Ann');
    await ann.createRoom('a');
    const cat = await putFile(ann, 'cat.png', await createImage('png', 60, 40));
    const dog = await putFile(ann, 'dog.png', await createImage('png', 40, 40));
    const cow = await putFile(ann, 'cow.png', await createImage('png', 20, 20));
    const text = await putFile(ann, 'a.txt', 'x');
    const command = '/poll "Which?" cat | dog';
    for (const other of ['/rate "Which?"', '/words "Which?"', '/questions "Which?"']) {
      assert.equal(await outcome(share(ann, [cat.id], other)), '400 invalid-poll-images');
    }
    for (const files of [
      [cat.id, text.id],
      [cat.id, dog.id, cow.id],
    ]) {
      assert.equal(await outcome(share(ann, files, command)), '400 invalid-poll-images');
    }
    const created = await (await share(ann, [cat.id, dog.id], command)).json();
    const { options, id } = created.message;
    assert.deepEqual(
      options.map((option: { picture: File }) => option.picture),
      [
        { path: cat.path, width: 60, height: 40 },
        { path: dog.path, width: 40, height: 40 },
      ],
    );
    const ask = (options: readonly string[], files: readonly string[]) =>
      ann.post('/rooms/a/commands', { type: 'create-poll', question: 'Which?', options, files });
    assert.equal(await outcome(ask(['cat', '', 'dog'], ['', cow.id])), '400 missing-option-text');
    assert.equal((await ask(['cat', '', 'dog', 'cow'], ['', '', '', cow.id])).status, 200);
    const { messages } = await (
      await ann.get('/rooms/a/messages?limit=1', { Accept: 'application/json' })
    ).json();
    assert.deepEqual(
      messages[0].options.map((option: { picture?: File }) => option.picture?.path ?? null),
      [null, null, cow.path],
    );
    const page = await (await ann.get('/rooms/a/plain')).text();
    assert.match(page, new RegExp(`<img src="${cat.path}\\?preview" width="60".*>cat<`, 's'));
    await ann.command('a', { type: 'delete', id });
    assert.equal((await ann.get(cat.path)).status, 404);
    await leaves(left, text.id, cow.id);
  });
});

/** Ids of files that nobody uploaded, each another. */
function manyIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => n.toString(16).padStart(32, '0'));
}
