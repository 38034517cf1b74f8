import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { suite, test } from 'node:test';
import { bodies, join } from '../support/client.ts';
import { post } from '../support/listeners.ts';
import { withTmpfs } from '../support/mount.ts';
import { spawnServer, startupError, temporaryFolder } from '../support/server.ts';

const codes = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line).code);

suite('A data directory that disappears while the server runs', () => {
  test('makes the server refuse messages until it is back, and nothing acknowledged is lost', async (t) => {
    const parent = temporaryFolder(t);
    const data = joinPath(parent, 'data');
    const server = spawnServer(t, ['--port', '0', '--data', data, '--limits', 'off']);
    const port = await server.listening();
    assert.equal((await post(port, 'class', 'before')).status, 201);

    renameSync(data, joinPath(parent, 'elsewhere'));
    for (let n = 0; n < 5; n += 1) assert.equal((await post(port, 'class', 'gone')).status, 503);
    const page = await fetch(`http://127.0.0.1:${port}/rooms/class`);
    assert.match(await page.text(), /before/, 'reading goes on');

    renameSync(joinPath(parent, 'elsewhere'), data);
    assert.equal((await post(port, 'class', 'back')).status, 201);
    assert.deepEqual(codes(server.output), ['data-missing', 'writes-recovered']);
    await server.end('SIGKILL');
    const again = spawnServer(t, ['--port', '0', '--data', data]);
    const client = await join(t, await again.listening(), '/chat?room=class');
    assert.deepEqual(bodies(await client.waitForFrames(3)), ['before', 'back']);
  });

  test('is detected without any writes, and the server shuts down in order', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data]);
    await server.listening();
    rmSync(data, { recursive: true });
    while (!codes(server.output).includes('data-missing')) await server.printed();
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('is detected if another directory replaces it', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data]);
    const port = await server.listening();
    rmSync(data, { recursive: true });
    mkdirSync(data);
    for (const end of ['', '-wal']) writeFileSync(joinPath(data, `chat.sqlite${end}`), 'x');
    assert.equal((await post(port, 'class', 'lost')).status, 503);
  });
});

suite('A data directory that cannot be used is refused with one sentence that explains what to do', () => {
  test('on a read-only file system, by a second server, too', async (t) => {
    const data = temporaryFolder(t);
    const args = ['--port', '0', '--data', data];
    for (let times = 0; times < 2; times += 1) {
      const server = spawnServer(t, args, {}, withTmpfs(data, 'ro'));
      assert.equal(await server.ended(), 1);
      assert.match(
        server.output,
        /^Cannot write to the data directory .*: EROFS.* read-only: use another .*\.\n$/,
      );
    }
  });

  for (const [what, options] of [
    ['without space for a file', 'size=4k'],
    ['without space for the database', 'size=64k'],
    ['without inodes', 'nr_inodes=2'],
    ['without inodes for all of its files', 'nr_inodes=5'],
  ] as const) {
    test(`on a file system ${what}`, async (t) => {
      const data = temporaryFolder(t);
      const args = ['--port', '0', '--data', data];
      const server = spawnServer(t, args, {}, withTmpfs(data, options));
      assert.equal(await server.ended(), 1);
      assert.match(server.output, /^[A-Z].*\.\n$/);
      assert.doesNotMatch(server.output, /\n {4}at /);
    });
  }

  for (const [what, name, isFolder] of [
    ['a folder where the database should be', 'chat.sqlite', true],
    ['a folder where the secret should be', 'secret', true],
    ['a file where the files should be', 'files', false],
    ['a folder where the position of the log should be', 'log-head.json', true],
    ['a folder where the lock should be', 'lock', true],
  ] as const) {
    test(`with ${what}`, async (t) => {
      const data = temporaryFolder(t);
      const path = joinPath(data, name);
      if (isFolder) mkdirSync(path);
      else writeFileSync(path, '');
      chmodSync(path, 0o700);
      assert.match(await startupError(t, data), /^[A-Z][^\n]*\.$/);
    });
  }
});
