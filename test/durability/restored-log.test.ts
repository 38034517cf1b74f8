import assert from 'node:assert/strict';
import {
  cpSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { post, transports } from '../support/listeners.ts';
import { openApp, spawnServer, startupError, temporaryFolder } from '../support/server.ts';

const [{ listen }] = transports as [(typeof transports)[0]];

type Run = Awaited<ReturnType<typeof start>>;

function start(t: TestContext, data: string) {
  return openApp(t, { data });
}

/** A server in its own process, to be killed. */
async function startProcess(t: TestContext, data: string) {
  const server = spawnServer(t, ['--port', '0', '--data', data, '--limits', 'off']);
  return { server, port: await server.listening() };
}

/** Posts messages, and returns the cursor after the last. */
async function postAll(t: TestContext, { port }: Pick<Run, 'port'>, ...texts: readonly string[]) {
  for (const text of texts) await post(port, 'class', text);
  const listener = await (await listen(t, port, 'class')).untilLive();
  listener.stop();
  return listener.cursor;
}

/** Posts messages that are only in the write-ahead log when the server is killed after them. */
async function postToWal(t: TestContext, data: string, ...texts: readonly string[]) {
  const run = await startProcess(t, data);
  // An open reader prevents that later writes are copied into the database.
  const reader = new DatabaseSync(joinPath(data, 'chat.sqlite'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM events').get();
  const cursor = await postAll(t, run, ...texts);
  await run.server.end('SIGKILL');
  reader.close();
  return cursor;
}

/** A client with the cursor is reset, and then has the whole history. */
async function assertReset(t: TestContext, run: Run, cursor: string, bodies: readonly string[]) {
  // The numbers of what was lost are assigned again, to other messages.
  await postAll(t, run, 'x', 'y', 'z');
  for (const transport of transports) {
    const listener = await (await transport.listen(t, run.port, 'class', cursor)).untilLive();
    assert.equal(listener.isReset, true, transport.name);
    assert.deepEqual(listener.bodies, [...bodies, 'x', 'y', 'z'], transport.name);
    listener.stop();
  }
}

suite('A log that went back starts a new epoch, so that clients are reset', () => {
  test('if the folder was restored from a backup', async (t) => {
    const [data, backup] = [temporaryFolder(t), temporaryFolder(t)];
    const first = await start(t, data);
    await postAll(t, first, 'a', 'b');
    await first.close();
    cpSync(data, backup, { recursive: true });
    const second = await start(t, data);
    const cursor = await postAll(t, second, 'c', 'd');
    await second.close();
    assert.deepEqual(second.lines, [], 'an ordinary start keeps the epoch');

    rmSync(data, { recursive: true });
    cpSync(backup, data, { recursive: true });
    const restored = await start(t, data);
    assert.deepEqual(
      restored.lines.map(({ code }) => code),
      ['database-replaced'],
    );
    await assertReset(t, restored, cursor, ['a', 'b']);
    await restored.close();
    assert.deepEqual((await start(t, data)).lines, [], 'and keeps it');
  });

  test('if the database was restored and has the inode of the previous one', async (t) => {
    const [data, backup] = [temporaryFolder(t), temporaryFolder(t)];
    const first = await start(t, data);
    await postAll(t, first, 'a');
    await first.close();
    cpSync(data, backup, { recursive: true });
    const second = await start(t, data);
    const cursor = await postAll(t, second, 'b');
    await second.close();
    const file = joinPath(data, 'chat.sqlite');
    const before = statSync(file, { bigint: true });
    rmSync(data, { recursive: true });
    cpSync(backup, data, { recursive: true });
    const after = statSync(file, { bigint: true });
    // What the first server would have recorded if the restored file had got the same inode.
    const head = JSON.parse(readFileSync(joinPath(data, 'log-head.json'), 'utf8'));
    const inode = head.inode.replace(`${before.ino}`, `${after.ino}`);
    writeFileSync(joinPath(data, 'log-head.json'), JSON.stringify({ ...head, inode }));
    const restored = await start(t, data);
    assert.deepEqual(
      restored.lines.map(({ code }) => code),
      ['database-replaced'],
    );
    await assertReset(t, restored, cursor, ['a']);
  });

  test('if the write-ahead log was lost', async (t) => {
    const data = temporaryFolder(t);
    const first = await start(t, data);
    await postAll(t, first, 'a', 'b');
    await first.close();
    const cursor = await postToWal(t, data, 'c', 'd');
    rmSync(joinPath(data, 'chat.sqlite-wal'));
    const third = await start(t, data);
    const [line] = third.lines;
    assert.equal(line?.code, 'changes-lost');
    assert.ok(Number(line.lost) > 0);
    await assertReset(t, third, cursor, ['a', 'b']);
  });

  test('if the write-ahead log was damaged', async (t) => {
    const data = temporaryFolder(t);
    const first = await start(t, data);
    await postAll(t, first, 'a', 'b');
    await first.close();
    const cursor = await postToWal(t, data, 'c', 'd');
    const wal = joinPath(data, 'chat.sqlite-wal');
    writeSync(openSync(wal, 'r+'), Buffer.alloc(64, 0xa5), 0, 64, 40);
    const third = await start(t, data);
    assert.equal(third.lines[0]?.code, 'changes-lost');
    await assertReset(t, third, cursor, ['a', 'b']);
  });

  test('and not if the server was only killed, which loses nothing', async (t) => {
    const data = temporaryFolder(t);
    const first = await startProcess(t, data);
    const cursor = await postAll(t, first, 'a', 'b');
    await first.server.end('SIGKILL');
    const second = await start(t, data);
    assert.deepEqual(second.lines, []);
    assert.equal(await postAll(t, second), cursor);
  });
});

suite('A data directory without its database', () => {
  for (const [what, remove] of [
    ['is missing', (file: string) => rmSync(file)],
    ['is empty', (file: string) => writeFileSync(file, '')],
  ] as const) {
    test(`that ${what} is refused, and nothing in it is changed`, async (t) => {
      const data = temporaryFolder(t);
      const first = await startProcess(t, data);
      await postAll(t, first, 'a');
      const upload = await fetch(`http://127.0.0.1:${first.port}/rooms/class/files?name=a.txt`, {
        method: 'POST',
        body: 'some text',
      });
      assert.equal(upload.status, 201);
      const { file } = (await upload.json()) as { file: { id: string } };
      await first.server.end('SIGKILL');
      remove(joinPath(data, 'chat.sqlite'));
      const wal = joinPath(data, 'chat.sqlite-wal');
      const before = statSync(wal).size;

      const sentence = await startupError(t, data);
      assert.match(sentence, /^The database .* is missing or empty.* backup; or,.*\.$/);
      assert.equal(statSync(wal).size, before);
      assert.equal(readFileSync(joinPath(data, 'files', file.id), 'utf8'), 'some text');
    });
  }

  test('is a new one if nothing in it shows that there was a history', async (t) => {
    const data = temporaryFolder(t);
    writeFileSync(joinPath(data, 'chat.sqlite'), '');
    await start(t, data);
  });
});

test('A log for which an older version recorded only the inode stays in its epoch.', async (t) => {
  const data = temporaryFolder(t);
  const first = await start(t, data);
  await postAll(t, first, 'a');
  await first.close();
  const path = joinPath(data, 'log-head.json');
  const head = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...head, inode: head.inode.replace(/\..*/, '') }));
  assert.deepEqual((await start(t, data)).lines, []);
});
