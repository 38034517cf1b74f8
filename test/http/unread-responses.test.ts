import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { suite, type TestContext, test } from 'node:test';
import type { Timeouts } from '../../server/timeouts.ts';
import { openApp } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';
import { waitWhile } from '../support/wait-while.ts';
import { RawClient } from '../support/wire.ts';

const BODY = Buffer.alloc(10 * 1024 * 1024, 'x');
/** Only Linux shows which files a process has open. */
const skip = process.platform !== 'linux';

/** A file in a room, and a function that counts this process's descriptors of it. */
async function openFile(t: TestContext, timeouts: Partial<Timeouts> = {}) {
  const { port, url } = await openApp(t, {}, timeouts);
  const path = '/rooms/class/files?name=large.txt';
  const upload = await fetch(url + path, { method: 'POST', body: BODY });
  const { file } = (await upload.json()) as { file: { id: string; path: string } };
  const opened = () =>
    readdirSync('/proc/self/fd').filter((fd) => targetOf(fd).includes(file.id)).length;
  const get = (method = 'GET') =>
    RawClient.raw(t, port, `${method} ${file.path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return { get, opened, fileUrl: url + file.path };
}

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // It was closed just now.
    return '';
  }
}

async function until(isThere: () => boolean): Promise<void> {
  await waitWhile(() => !isThere());
}

suite('A file is closed', { skip }, () => {
  test('with the connection of a client that stops reading', async (t) => {
    const { get, opened } = await openFile(t, { writeTimeoutMs: 1_000 });
    const sockets = serverSockets(t);
    const client = await get();
    client.socket.pause();
    await until(() => opened() === 1);
    const [server] = sockets;
    assert.ok(server);
    await until(() => server.closed);
    assert.ok(server.bytesWritten < BODY.length);
    await until(() => opened() === 0);
  });

  test('with the connection of a client that disconnects', async (t) => {
    const { get, opened } = await openFile(t);
    const client = await get();
    client.socket.pause();
    await client.head();
    assert.equal(opened(), 1);
    client.socket.resetAndDestroy();
    await until(() => opened() === 0);
  });

  test('after a HEAD, and after all of it was read', async (t) => {
    const { fileUrl, opened } = await openFile(t);
    for (const method of ['HEAD', 'GET']) {
      const response = await fetch(fileUrl, { method });
      assert.equal(response.headers.get('content-length'), `${BODY.length}`);
      await response.arrayBuffer();
      await until(() => opened() === 0);
    }
  });

  test('when its size cannot be read, which is answered with 500', async (t) => {
    const { fileUrl, opened } = await openFile(t);
    const handle = await open('/dev/null');
    const stat = t.mock.method(Object.getPrototypeOf(handle), 'stat', async () => {
      throw new Error('no size');
    });
    await handle.close();
    const response = await fetch(fileUrl);
    assert.equal(response.status, 500);
    assert.equal(stat.mock.callCount(), 1);
    await response.arrayBuffer();
    await until(() => opened() === 0);
  });
});
