import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { appender } from '../../server/features/appender.ts';
import { EraseRequests } from '../../server/features/erasure/erase-requests.ts';
import type { Event } from '../../server/features/events.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { posted, roomAction, who } from '../support/events.ts';
import { type ServerProcess, spawnServer, temporaryFolder } from '../support/server.ts';
import { filesWith } from '../support/stored-text.ts';
import { waitWhile } from '../support/wait-while.ts';

const ANN = '00000000-0000-4000-8000-0000000000aa';
const ann = who(ANN, { name: 'Zqann', isModerator: true });
const MESSAGES = 300;
const FILES = 120;
/** How long a transaction lasts that is taken for one that never ends, in looks at it. */
const LOOKS = 20;
const LOOK_MS = 10;

const fileOf = (n: number) => n.toString(16).padStart(32, '0');

/** A folder in which Ann wrote messages and uploaded files, of which some are in a message. */
function fill(t: TestContext): string {
  const data = temporaryFolder(t);
  const files = join(data, 'files');
  mkdirSync(files);
  writeFileSync(join(data, 'chat-before-migration-from-3.sqlite'), 'zqcopy', { mode: 0o600 });
  const db = openDatabase(join(data, 'chat.sqlite'));
  const append = appender(db);
  const events: Event[] = [];
  for (let n = 0; n < FILES; n += 1) {
    const id = fileOf(n);
    writeFileSync(join(files, id), 'zqfile', { mode: 0o600 });
    const file = { id, name: 'zqfile.txt', size: 6, picture: null };
    events.push({ kind: 'file-uploaded', room: 'class', who: ann, file, at: 1 });
  }
  for (let n = 0; n < MESSAGES; n += 1)
    events.push({ ...posted(`zqpost ${n}`, null, ann), at: 1, files: n < 9 ? [fileOf(n)] : [] });
  append([...events, { ...posted('of Bo', null, who('bo')), at: Date.now() }]);
  db.close();
  return data;
}

/** Lets the process that reaches a place in the database stay there for ever, in a transaction. */
function holdAt(data: string, place: string): void {
  const db = new DatabaseSync(join(data, 'chat.sqlite'));
  db.exec(`CREATE VIEW hold AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS n FROM n;
    CREATE TRIGGER held ${place} BEGIN SELECT n FROM hold; END`);
  db.close();
}

/** Kills a process when it is held. */
async function killHeld(data: string, running: ServerProcess): Promise<void> {
  const db = new DatabaseSync(join(data, 'chat.sqlite'));
  let looks = 0;
  await waitWhile(() => {
    looks = isLocked(db) ? looks + 1 : 0;
    return looks < LOOKS;
  }, LOOK_MS);
  assert.equal(await running.end('SIGKILL'), 'SIGKILL');
  db.exec('DROP TRIGGER held; DROP VIEW hold');
  db.close();
}

function isLocked(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

const serve = (t: TestContext, data: string, ...more: readonly string[]) =>
  spawnServer(t, ['--port', '0', '--data', data, ...more]);
const erase = (t: TestContext, data: string) =>
  spawnServer(t, ['erase', '--person', 'Zqann', '--yes', '--data', data]);

/** The files that have something of Ann. */
function remains(data: string): readonly string[] {
  return ['zqann', 'zqpost', 'zqfile', 'zqcopy', ANN].flatMap((text) => filesWith(data, text));
}

async function untilNothingLeft(data: string): Promise<void> {
  await waitWhile(() => remains(data).length > 0 || existsSync(join(data, 'compact')), 50);
}

function assertSound(data: string): void {
  const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  assert.equal(db.prepare("SELECT count(*) AS n FROM messages WHERE body = 'of Bo'").get()?.n, 1);
  db.close();
}

const PLACES = {
  'when it begins': 'AFTER INSERT ON erasing',
  'among the messages': 'AFTER UPDATE ON messages WHEN new.id = 300',
  'among the files': `AFTER DELETE ON files WHEN old.id = '${fileOf(115)}'`,
  'in the log': "AFTER UPDATE OF uid ON events WHEN new.uid = ''",
  'at its end': 'AFTER DELETE ON erasure',
} as const;

suite('An erasure that is killed leaves nothing in the end', () => {
  for (const when of ['when it begins', 'among the messages', 'at its end'] as const)
    test(`${when}, of a server that starts again`, async (t) => {
      const data = fill(t);
      holdAt(data, PLACES[when]);
      const server = serve(t, data);
      await server.listening();
      const command = erase(t, data);
      await killHeld(data, server);
      assert.equal(await command.ended(), 1);
      assert.match(command.output, /^The server has ended\./m);
      await serve(t, data).listening();
      await untilNothingLeft(data);
      assertSound(data);
    });

  for (const when of ['when it begins', 'in the log'] as const)
    test(`${when}, of a command that is repeated`, async (t) => {
      const data = fill(t);
      holdAt(data, PLACES[when]);
      await killHeld(data, erase(t, data));
      await erase(t, data).ended();
      assert.deepEqual(remains(data), []);
      assertSound(data);
    });

  for (const when of ['among the files', 'at its end'] as const)
    test(`${when}, of a command after which the server starts`, async (t) => {
      const data = fill(t);
      holdAt(data, PLACES[when]);
      await killHeld(data, erase(t, data));
      await serve(t, data).listening();
      await untilNothingLeft(data);
      assertSound(data);
    });

  test('while the database is compacted', async (t) => {
    const data = fill(t);
    const db = openDatabase(join(data, 'chat.sqlite'));
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
      INSERT INTO messages (id, seq, room, kind, uid, body, at)
        SELECT i, i, 'old', 'message', 'somebody', hex(randomblob(1000)), 0 FROM
          (SELECT 1000 + i AS i FROM n)`);
    db.close();
    new EraseRequests(join(data, 'erase-request')).write([ANN]);
    const server = serve(t, data);
    // It is copied back into the write-ahead log.
    const sizeOf = (name: string) => statSync(join(data, name), { throwIfNoEntry: false })?.size;
    await waitWhile(
      () => sizeOf('compacting.sqlite') === undefined || Number(sizeOf('chat.sqlite-wal')) < 4e6,
    );
    await server.end('SIGKILL');
    assert.ok(existsSync(join(data, 'compact')));
    await serve(t, data).listening();
    await untilNothingLeft(data);
    assert.equal(sizeOf('compacting.sqlite'), undefined);
    assertSound(data);
  });

  for (const [what, ...options] of [['cleared'], ['expired', '--keep-days', '1']])
    test(`of what was ${what}`, async (t) => {
      const data = fill(t);
      if (what === 'cleared') {
        const db = openDatabase(join(data, 'chat.sqlite'));
        const clear = roomAction({ type: 'history-cleared' }, ann);
        appender(db)([clear, { ...posted('of Bo', null, who('bo')), at: Date.now() }]);
        db.close();
      }
      holdAt(data, 'AFTER DELETE ON messages WHEN old.id = 400');
      await killHeld(data, serve(t, data, ...options));
      await serve(t, data, ...options).listening();
      await waitWhile(() => filesWith(data, 'zqpost').length > 0, LOOK_MS);
      assertSound(data);
    });
});
