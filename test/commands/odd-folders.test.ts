import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { runCommand } from '../../server/commands/commands.ts';
import { fill } from '../support/backups.ts';
import { withoutOverride, withTmpfs } from '../support/mount.ts';
import { becomeOwner } from '../support/owner.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';

/** The data directory of a server that has ended, and the sentence with which a command refuses it. */
async function openFolder(t: TestContext) {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  await fill(t, data, 'a', 'b');
  const out = join(folder, 'out');
  return {
    data,
    out,
    database: join(data, 'chat.sqlite'),
    refusal: async (...args: readonly string[]) => {
      const error = await runCommand([...args, '--data', data], {}).catch((reason) => reason);
      assert.equal(error?.name, 'StartupError', `${args[0]}: ${error}`);
      return String(error.message);
    },
  };
}

const READING = [
  ['backup', 'OUT'],
  ['export', 'class', 'OUT'],
  ['erase', '--person', 'Ann'],
];
const filled = (args: readonly string[], out: string) =>
  args.map((arg) => (arg === 'OUT' ? `${out}.html` : arg));

/** What a command prints that fails, with no right to read the files of others. */
async function runAsUser(t: TestContext, ...args: readonly string[]): Promise<string> {
  const command = spawnServer(t, args, {}, withoutOverride());
  assert.equal(await command.ended(), 1);
  return command.output;
}

suite('A command refuses a data directory with a sentence that says what to do', () => {
  test('where the database is empty, and makes no new one', async (t) => {
    const { database, out, refusal } = await openFolder(t);
    truncateSync(database);
    for (const args of [...READING, ['compact'], ['owner']])
      assert.match(
        await refusal(...filled(args, out)),
        /^The database .* is empty: restore a backup\.$/,
      );
    const { mock } = t.mock.method(console, 'log', () => {});
    assert.match(await refusal('doctor', '--port', '0'), /^Problems found: 1\.$/);
    assert.match(String(mock.calls[0]?.arguments), /^problem +data: The database .* is missing or/);
  });

  test('where the database is of a newer version', async (t) => {
    const { database, out, refusal } = await openFolder(t);
    const db = new DatabaseSync(database);
    db.exec('PRAGMA user_version = 999');
    db.close();
    for (const args of READING)
      assert.match(await refusal(...filled(args, out)), /^Cannot read .*use that version\.$/);
  });

  test('where the database is damaged, and writes no backup of it', async (t) => {
    const { database, out, refusal } = await openFolder(t);
    const fd = openSync(database, 'r+');
    writeSync(fd, Buffer.alloc(20 * 4096, 'x'), 0, 20 * 4096, 4 * 4096);
    closeSync(fd);
    assert.match(await refusal('backup', out), /is damaged: .* Keep the backups from before/);
    assert.ok(!existsSync(out));
    for (const args of READING.slice(1))
      assert.match(await refusal(...filled(args, out)), /It is damaged: restore a backup\.$/);
    writeFileSync(database, 'something else'.repeat(99));
    for (const args of READING)
      assert.match(await refusal(...filled(args, out)), /It is damaged: restore a backup\.$/);
  });

  test('where the disk is read-only, or full', async (t) => {
    const { data } = await openFolder(t);
    const run = async (options: string, ...args: readonly string[]) => {
      const server = spawnServer(t, [...args, '--data', data], {}, withTmpfs(data, options));
      assert.equal(await server.ended(), 1);
      return server.output;
    };
    assert.match(await run('ro', 'serve', '--port', '0'), /mounted read-only: use another --data/);
    assert.match(await run('size=4k', 'serve', '--port', '0'), /Free disk space \(df\)/);
  });

  test('where this user may not see it', async (t) => {
    const { data, out } = await openFolder(t);
    chmodSync(data, 0);
    const printed = [];
    for (const args of [...READING, ['compact'], ['owner']])
      printed.push(await runAsUser(t, ...filled(args, out), '--data', data));
    chmodSync(data, 0o700);
    for (const text of printed) assert.match(text, /EACCES.* Run it as the user/);
  });
});

test('A file in the data directory that is not of this user is found by typhoon doctor.', async (t) => {
  const { data } = await openFolder(t);
  writeFileSync(join(data, 'closed'), '', { mode: 0 });
  const run = await runAsUser(t, 'doctor', '--port', '0', '--data', data);
  assert.match(run, /can't read and write closed there/);
});

test('The owner sees the state of a server whose data directory was moved away.', async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const { port, ownerPath } = await openApp(t, { data });
  const owner = await becomeOwner(port, ownerPath);
  renameSync(data, `${data}-away`);
  for (const path of ['/admin', '/admin/rooms', '/admin/people'])
    assert.equal((await owner.get(path)).status, 200, path);
  renameSync(`${data}-away`, data);
});
