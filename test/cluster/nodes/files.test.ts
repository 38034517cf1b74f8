import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { connectNats } from '../../../server/cluster/connect.ts';
import { NatsFiles } from '../../../server/cluster/nats-files.ts';
import { ChatError } from '../../../server/core/errors.ts';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { createImage } from '../../support/images.ts';
import { openApp, type Scope, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';

const KEY = Buffer.alloc(32, 1);

const unavailable = (error: unknown) =>
  error instanceof ChatError && error.code === 'files-unavailable';

/** A node, and what is in its folder of files. */
async function openNode(scope: Scope, urls: readonly string[], data = temporaryFolder(scope)) {
  const node = await openApp(scope, { data, cluster: urls, secret: SECRET });
  const folder = join(data, 'files');
  const left = () => readdirSync(folder).filter((name) => name !== 'unknown');
  return { ...node, data, folder, left };
}

async function upload(...args: Parameters<typeof uploadFile>) {
  const response = await uploadFile(...args);
  assert.equal(response.status, 201, await response.clone().text());
  const { file } = (await response.json()) as { file: { id: string; path: string } };
  return file;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(20);
}

suite('The shared files', { timeout: 240_000 }, () => {
  test('come back as they were put, of any size, and are sealed', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const [one, two] = [await NatsFiles.open(urls, KEY), await NatsFiles.open(urls, KEY)];
    for (const end of [one, two]) scope.after(() => end.close());
    const folder = temporaryFolder(scope);
    const chunk = 64 * 1024;
    for (const size of [1, chunk - 1, chunk, chunk + 1, 3 * chunk, 1_000_000]) {
      const bytes = randomBytes(size);
      const [from, to] = [join(folder, `from ${size}`), join(folder, `to ${size}`)];
      writeFileSync(from, bytes);
      await one.put(`${size}`, from);
      assert.equal(await two.get(`${size}`, to), size);
      assert.deepEqual(readFileSync(to), bytes);
    }
    assert.equal((await two.list()).length, 6);
    await two.remove('1');
    await one.remove('1');
    await one.remove('never there');
    assert.equal(await one.get('1', join(folder, 'none')), undefined);
    assert.equal((await one.list()).length, 5);
    const text = join(folder, 'text');
    writeFileSync(text, 'a secret');
    const operator = await connectNats(urls);
    scope.after(() => operator.close());
    const seen: Uint8Array[] = [];
    operator.subscribe('$O.>', { callback: (_, { data }) => void seen.push(data) });
    await operator.flush();
    await one.put('text', text);
    await operator.flush();
    assert.ok(seen.length > 0);
    assert.ok(seen.every((data) => !Buffer.from(data).includes('a secret')));
    const outsider = await NatsFiles.open(urls, Buffer.alloc(32, 2));
    scope.after(() => outsider.close());
    await assert.rejects(outsider.get('text', join(folder, 'stolen')), unavailable);
  });
});

suite('A file in a cluster', { timeout: 240_000 }, () => {
  test('is served by another node, with its preview, and removed from all', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const [one, two] = [await openNode(scope, urls), await openNode(scope, urls)];
    const shared = await NatsFiles.open(urls, KEY);
    scope.after(() => shared.close());
    const ada = await createGuest(one.port);
    const text = await upload(ada, 'a.txt', 'the text');
    const image = await upload(ada, 'sea.jpg', await createImage('jpeg', 1_600, 800));
    const files = [text.id, image.id];
    const posted = await ada.post('/rooms/a/messages', { message: '', files });
    const { message } = (await posted.json()) as { message: { id: number } };
    const elsewhere = ada.at(two.port);
    const get = async (path: string) => {
      const responses = await Promise.all([ada.get(path), elsewhere.get(path)]);
      const bodies = await Promise.all(responses.map((response) => response.bytes()));
      return { status: responses.map(({ status }) => status).join(), bodies };
    };
    await until(async () => (await elsewhere.get(text.path)).status === 200);
    for (const path of [text.path, image.path, `${image.path}?preview`]) {
      const { status, bodies } = await get(path);
      assert.equal(status, '200,200', path);
      assert.deepEqual(bodies[1], bodies[0], path);
    }
    assert.deepEqual(two.left().toSorted(), one.left().toSorted());
    assert.equal((await shared.list()).length, 3);
    assert.equal(await outcome(ada.command('a', { type: 'delete', id: message.id })), '200');
    await until(async () => one.left().length + two.left().length === 0);
    await until(async () => (await shared.list()).length === 0);
    assert.equal(
      await outcome(elsewhere.get(text.path, { Accept: 'application/json' })),
      '404 no-such-file',
    );
  });

  test('is refused while the servers are away, and nothing of it is left', async (t) => {
    const { urls, scope, servers } = await openOneNats(t);
    const node = await openNode(scope, urls);
    const ada = await createGuest(node.port);
    await upload(ada, 'a.txt', 'before');
    await servers[0]?.kill();
    await until(
      async () => (await outcome(uploadFile(ada, 'b.txt', 'x'))) === '503 files-unavailable',
    );
    assert.equal(node.left().length, 1);
    assert.ok(node.lines.some(({ code }) => code === 'files-unavailable'));
    servers[0]?.start();
    await until(async () => (await uploadFile(ada, 'c.txt', 'after')).status === 201);
  });

  test('that was there before, or is missing on a node, is shared and fetched at the start', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const data = temporaryFolder(scope);
    const alone = await openApp(scope, { data });
    const ada = await createGuest(alone.port);
    const { id, path } = await upload(ada, 'a.txt', 'before');
    await ada.post('/rooms/a/messages', { message: '', files: [id] });
    await alone.close();
    const node = await openNode(scope, urls, data);
    const shared = await NatsFiles.open(urls, KEY);
    scope.after(() => shared.close());
    await until(async () => (await shared.list()).length === 1);
    rmSync(join(node.folder, id));
    await node.close();
    const again = await openNode(scope, urls, data);
    await until(() => again.left().includes(id));
    assert.equal(await (await fetch(`${again.url}${path}`)).text(), 'before');
  });
});
