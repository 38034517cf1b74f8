import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Client, join } from '../support/client.ts';
import { openApp, spawnServer, startupError, temporaryFolder } from '../support/server.ts';

/** Health checks in between have the result of the last one. */
const CHECK_MS = 200;

const json = { protocols: ['json'] };
const lobby = '/rooms/lobby/live';

/** What a program receives of a type. */
function events(client: Client, type: string) {
  return client.frames.map((frame) => JSON.parse(frame)).filter((event) => event.type === type);
}

suite('When the disk is full', () => {
  test('posting fails with an error, reading works, and the server recovers by itself', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data, '--limits', 'off']);
    const port = await server.listening();
    const client = await join(t, port, lobby, json);
    client.post('before', 'cid-before');
    await client.waitForFrames(3);

    // The system does not let any file of the server grow beyond the current write-ahead log.
    const size = statSync(joinPath(data, 'chat.sqlite-wal')).size;
    const limit = (bytes: number | string) =>
      execFileSync('prlimit', ['--pid', `${server.child.pid}`, `--fsize=${bytes}:`]);
    limit(size);
    for (let n = 0; n < 50; n += 1) client.post(`full ${n}`, `cid-${n}`);
    await client.until(() => events(client, 'error').length === 50);
    for (const error of events(client, 'error')) assert.equal(error.code, 'not-saved');
    const page = await fetch(`http://127.0.0.1:${port}/rooms/lobby/messages?before=99`);
    assert.match(await page.text(), /before/);

    // What was copied into the database makes room in the write-ahead log: not even that is left.
    limit(0);
    const up = () => fetch(`http://127.0.0.1:${port}/up`);
    let refused = await up();
    for (; refused.status === 200; refused = await up()) await setTimeout(CHECK_MS);
    assert.equal(refused.status, 503);
    // The limit of a process is not the end of a disk, which SQLite reports as such.
    assert.match(await refused.text(), /^write-failed: /);

    limit('unlimited');
    while ((await up()).status !== 200) await setTimeout(CHECK_MS);
    for (let n = 0; n < 50; n += 1) client.post(`full ${n}`, `cid-${n}`);
    await client.until(() => events(client, 'message').length === 51);
    const bodies = events(client, 'message').map(({ body }) => body);
    assert.deepEqual(bodies, ['before', ...Array.from({ length: 50 }, (_, n) => `full ${n}`)]);
    assert.equal(await server.end('SIGTERM'), 0);
    const db = new DatabaseSync(joinPath(data, 'chat.sqlite'));
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    db.close();
  });
});

suite('When another process locks the database', () => {
  test('posting waits, then fails with an error; everything else works meanwhile', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data, '--limits', 'off']);
    const port = await server.listening();
    const client = await join(t, port, lobby, json);
    client.post('before');
    await client.waitForFrames(3);

    const other = new DatabaseSync(joinPath(data, 'chat.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    client.post('while it is held', 'cid-1');
    // The event loop is not blocked: all of this is answered before the message is refused.
    for (let n = 0; n < 20; n += 1) {
      client.ws.ping();
      await once(client.ws, 'pong');
      const page = await fetch(`http://127.0.0.1:${port}/rooms/lobby/messages`);
      assert.match(await page.text(), /before/);
    }
    assert.equal(events(client, 'error').length, 0);
    await client.until(() => events(client, 'error').length === 1);
    assert.equal(events(client, 'error')[0].code, 'not-saved');
    assert.equal(events(client, 'error')[0].cid, 'cid-1');

    const up = () => fetch(`http://127.0.0.1:${port}/up`);
    const refused = await up();
    const reason = 'database-locked: Another process has locked the database.\n';
    assert.deepEqual([refused.status, await refused.text()], [503, reason]);

    other.exec('ROLLBACK');
    other.close();
    // Nobody posts meanwhile: a load balancer would send nobody here.
    while ((await up()).status !== 200) await setTimeout(CHECK_MS);
    client.post('while it is held', 'cid-1');
    await client.until(() => events(client, 'message').length === 2);
  });
});

suite('A damaged database', () => {
  /** A data directory with some history. */
  async function folderWithHistory(t: TestContext): Promise<string> {
    const data = temporaryFolder(t);
    const app = await openApp(t, { data });
    const client = await join(t, app.port, lobby, json);
    for (let n = 0; n < 300; n += 1) client.post(`message ${n} ${'x'.repeat(200)}`);
    await client.until(() => client.frames.length >= 302);
    await app.close();
    return data;
  }

  for (const [what, damage] of [
    [
      'is garbled in the middle',
      (file: string) => {
        const fd = openSync(file, 'r+');
        writeSync(fd, Buffer.alloc(8_192, 0xa5), 0, 8_192, 8_192);
      },
    ],
    ['is cut short', (file: string) => truncateSync(file, statSync(file).size / 2)],
    [
      'is not a database',
      (file: string) => writeFileSync(file, 'Once upon a time. '.repeat(1_000)),
    ],
    [
      'is of another program',
      (file: string) => {
        writeFileSync(file, '');
        const db = new DatabaseSync(file);
        db.exec('CREATE TABLE theirs (a)');
        db.close();
      },
    ],
    [
      'is of a newer version',
      (file: string) => {
        const db = new DatabaseSync(file);
        db.exec('PRAGMA user_version = 9999');
        db.close();
      },
    ],
  ] as const) {
    test(`that ${what} is neither opened nor replaced, and the error explains what to do`, async (t) => {
      const data = await folderWithHistory(t);
      const file = joinPath(data, 'chat.sqlite');
      damage(file);
      const before = readFileSync(file);
      const sentence = await startupError(t, data);
      assert.match(sentence, /^Cannot open the database .*chat\.sqlite: .*backup.*\.$/);
      assert.deepEqual(readFileSync(file), before);
    });
  }

  test('is replaced by a new one, with another epoch, when the file was removed', async (t) => {
    const app = await openApp(t, { data: temporaryFolder(t) });
    const two = await openApp(t, { data: temporaryFolder(t) });
    const epochs = await Promise.all(
      [app, two].map(async ({ port }) => {
        const client = await join(t, port, lobby, json);
        await client.waitForFrames(2);
        return events(client, 'synced')[0].cursor.split('.')[0];
      }),
    );
    assert.notEqual(epochs[0], epochs[1]);
  });
});

suite('The data directory', () => {
  test('belongs to one server at a time, and to the next when that is killed', async (t) => {
    const data = temporaryFolder(t);
    const first = spawnServer(t, ['--port', '0', '--data', data]);
    await first.listening();
    const second = spawnServer(t, ['--port', '0', '--data', data]);
    assert.equal(await second.ended(), 1);
    assert.match(second.output, /^The data directory .* is in use .*another Typhoon.*\n$/);
    await first.end('SIGKILL');
    await spawnServer(t, ['--port', '0', '--data', data]).listening();
  });

  test("has a secret that only the server's user can read", async (t) => {
    const data = temporaryFolder(t);
    await openApp(t, { data });
    assert.equal(statSync(joinPath(data, 'secret')).mode & 0o777, 0o600);
  });

  test('with an invalid secret is refused', async (t) => {
    const data = temporaryFolder(t);
    await (await openApp(t, { data })).close();
    writeFileSync(joinPath(data, 'secret'), 'short', { mode: 0o600 });
    await assert.rejects(openApp(t, { data }), /holds no valid keys/);
  });
});
