import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { who } from '../../support/events.ts';
import { createImage } from '../../support/images.ts';
import { openApp, startupError, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome, type TestUser } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Runs a server on a folder until it is closed, and returns the lines of its log. */
async function runOn(t: TestContext, data: string, use: (ann: TestUser) => Promise<void>) {
  const { port, lines, close } = await openApp(t, { data });
  await use(await createGuest(port));
  await close();
  return lines;
}

/** Posts a message with a new file, and returns the id and the path of the file. */
async function share(ann: TestUser, name: string, body: Buffer<ArrayBuffer> | string) {
  const response = await uploadFile(ann, name, body);
  const { file } = (await response.json()) as { file: { id: string; path: string } };
  await ann.post('/rooms/a/messages', { message: '', files: [file.id] });
  return file;
}

/** The paths of all files in a folder and its subfolders. */
function namesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

suite('Files that the database does not know', () => {
  test('are moved aside, and restored when the right database is back', async (t) => {
    const data = temporaryFolder(t);
    const files = join(data, 'files');
    const database = join(data, 'chat.sqlite');
    await runOn(t, data, async () => {});
    copyFileSync(database, join(data, 'old'));
    const image = await createImage('png', 800, 400);
    const shared: { id: string; path: string }[] = [];
    await runOn(t, data, async (ann) => {
      shared.push(await share(ann, 'a.txt', 'precious'));
      shared.push(await share(ann, 'sea.png', image));
    });
    const before = namesIn(files);
    assert.equal(before.length, 3);

    // A backup is put in the place of the database.
    copyFileSync(database, join(data, 'new'));
    copyFileSync(join(data, 'old'), database);
    const [aside, ...others] = (
      await runOn(t, data, async (ann) => {
        for (const { path } of shared) assert.equal((await ann.get(path)).status, 404);
      })
    ).filter(({ code }) => `${code}`.startsWith('files-'));
    const today = dayOf(Date.now());
    assert.deepEqual(others, []);
    assert.deepEqual(
      [aside?.code, aside?.files, aside?.folder],
      ['files-unknown', 3, join(files, 'unknown', today)],
    );
    assert.deepEqual(
      namesIn(files),
      before.map((name) => join('unknown', today, name)),
    );

    copyFileSync(join(data, 'new'), database);
    const lines = await runOn(t, data, async (ann) => {
      const [text] = shared;
      assert.equal(await (await ann.get(text?.path ?? '')).text(), 'precious');
    });
    assert.deepEqual(
      lines
        .filter(({ code }) => `${code}`.startsWith('files-'))
        .map(({ code, files }) => [code, files]),
      [['files-restored', 3]],
    );
    assert.deepEqual(namesIn(files), before);
    assert.ok(!existsSync(join(files, 'unknown', today)));
  });

  test('are removed where they were deleted when the server was killed', async (t) => {
    const data = temporaryFolder(t);
    const files = join(data, 'files');
    await runOn(t, data, async (ann) => {
      for (const name of ['a.txt', 'b.txt']) await share(ann, name, name);
    });
    const db = openDatabase(join(data, 'chat.sqlite'));
    const messages = db.prepare('SELECT id, uid FROM messages ORDER BY id').all();
    const [{ id, uid }] = messages as unknown as [{ id: number; uid: string }];
    appender(db)([{ kind: 'message-deleted', room: 'a', id, who: who(uid), at: Date.now() }]);
    db.close();
    assert.equal(namesIn(files).length, 2);
    assert.deepEqual(await runOn(t, data, async () => {}), []);
    assert.deepEqual(
      namesIn(files).map((name) => readFileSync(join(files, name), 'utf8')),
      ['b.txt'],
    );
  });

  test('are deleted 30 days after that, and not before', async (t) => {
    const data = temporaryFolder(t);
    const aside = join(data, 'files', 'unknown');
    await runOn(t, data, async () => {});
    const moveAside = (day: string, id: string) => {
      mkdirSync(join(aside, day), { recursive: true });
      writeFileSync(join(aside, day, id.repeat(32)), 'x');
    };
    const [old, recent] = [dayOf(Date.now() - 32 * DAY_MS), dayOf(Date.now() - 28 * DAY_MS)];
    moveAside(old, 'a');
    moveAside(recent, 'b');
    writeFileSync(join(aside, 'note.txt'), 'of the operator');
    const lines = await runOn(t, data, async () => {});
    assert.deepEqual(
      lines.map(({ code, day }) => [code, day]),
      [['unknown-files-deleted', old]],
    );
    assert.deepEqual(namesIn(aside), [join(recent, 'b'.repeat(32)), 'note.txt']);
    assert.equal(readFileSync(join(aside, recent, 'b'.repeat(32)), 'utf8'), 'x');
  });
});

suite('A file that is missing', () => {
  test('is not found, and logged for operators; a deleted file is not logged', async (t) => {
    const data = temporaryFolder(t);
    const lines = await runOn(t, data, async (ann) => {
      const [lost, deleted] = [await share(ann, 'a.txt', 'x'), await share(ann, 'b.txt', 'x')];
      const messages = await (
        await ann.get('/rooms/a/messages?before=99', { Accept: 'application/json' })
      ).json();
      const { id } = (messages as { messages: { id: number }[] }).messages[1] ?? {};
      await ann.command('a', { type: 'delete', id });
      assert.equal((await ann.get(deleted.path)).status, 404);
      rmSync(join(data, 'files', lost.id));
      for (let n = 0; n < 5; n += 1) assert.equal((await ann.get(lost.path)).status, 404);
    });
    assert.deepEqual(
      lines.map(({ code }) => code),
      ['file-missing'],
    );
    assert.match(`${lines[0]?.reason}`, /ENOENT/);
  });

  test('and one that cannot be removed is logged for operators, too', async (t) => {
    const data = temporaryFolder(t);
    const lines = await runOn(t, data, async (ann) => {
      const { id } = await share(ann, 'a.txt', 'x');
      rmSync(join(data, 'files', id));
      mkdirSync(join(data, 'files', id));
      const page = await ann.get('/rooms/a/messages?before=99', { Accept: 'application/json' });
      const [message] = ((await page.json()) as { messages: { id: number }[] }).messages;
      await ann.command('a', { type: 'delete', id: message?.id });
    });
    assert.deepEqual(
      lines.map(({ code }) => code),
      ['file-not-removed'],
    );
  });
});

suite('The folder of the files', () => {
  test('that disappears has uploads rejected until it is back', async (t) => {
    const data = temporaryFolder(t);
    const files = join(data, 'files');
    const lines = await runOn(t, data, async (ann) => {
      rmSync(files, { recursive: true });
      for (let n = 0; n < 3; n += 1) {
        assert.equal(await outcome(uploadFile(ann, 'a.txt', 'x')), '503 file-not-saved');
      }
      mkdirSync(files);
      assert.equal(await outcome(uploadFile(ann, 'a.txt', 'x')), '201');
    });
    assert.deepEqual(
      lines.map(({ code, refused }) => [code, refused]),
      [
        ['upload-failed', undefined],
        ['uploads-recovered', 3],
      ],
    );
  });

  test('that is no folder stops the server from starting, with a reason', async (t) => {
    const data = temporaryFolder(t);
    await runOn(t, data, async () => {});
    rmSync(join(data, 'files'), { recursive: true });
    writeFileSync(join(data, 'files'), 'a file', { mode: 0o600 });
    const sentence = await startupError(t, data);
    assert.match(sentence, /^Typhoon cannot start: .*Move the file of that name away\.$/);
  });
});
