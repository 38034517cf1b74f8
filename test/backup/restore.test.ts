import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { restoreBackup } from '../../server/backup/restore-backup.ts';
import { writeBackup } from '../../server/backup/write-backup.ts';
import { appender } from '../../server/features/appender.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { Compaction } from '../../server/storage/compaction.ts';
import { fill, messagesIn, postAll, resetBodies } from '../support/backups.ts';
import { posted, who } from '../support/events.ts';
import { post } from '../support/listeners.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { filesWith } from '../support/stored-text.ts';
import { signedIn } from '../support/test-browser.ts';
import { createGuest } from '../support/test-user.ts';
import { uploadFile } from '../support/uploads.ts';
import { waitWhile } from '../support/wait-while.ts';

function newFile(t: TestContext): string {
  return join(temporaryFolder(t), 'backup.tar.gz');
}

function restore(t: TestContext, ...files: readonly string[]) {
  const data = temporaryFolder(t);
  return restoreBackup({ files, data, replaces: false }).then((restored) => ({ data, restored }));
}

suite('A backup', () => {
  test('that is made under load has exactly what there was at its cursor.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    const app = await openApp(t, { data });
    const guest = await createGuest(app.port);
    let isDone = false;
    const senders = [0, 1, 2, 3].map(async (sender) => {
      for (let n = 0; !isDone; n += 1) {
        assert.ok((await post(app.port, 'class', `${sender} ${n}`)).ok);
        if (n % 20 === 0) assert.equal((await uploadFile(guest, 'a.txt', `${n}`)).status, 201);
      }
    });
    await postAll(app, 'first');
    const { cursor } = await writeBackup({ data, file });
    await postAll(app, 'after the backup');
    isDone = true;
    await Promise.all(senders);
    await app.close();

    const head = Number(cursor.split('.')[1]);
    const expected = messagesIn(data, head);
    assert.ok(expected.length > 0 && messagesIn(data).length > expected.length);
    const { data: copy, restored } = await restore(t, file);
    assert.equal(restored.cursor, cursor);
    assert.deepEqual(messagesIn(copy), expected);
    // It is a whole server: new messages get the numbers after the cursor.
    const again = await openApp(t, { data: copy });
    await postAll(again, 'x');
    assert.deepEqual(
      messagesIn(copy)
        .map((row) => row.replace(/ .*/, ''))
        .at(-1),
      `${head + 1}`,
    );
  });

  test('has the uploads and the keys: files can be read, and sessions go on.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    const app = await openApp(t, { data });
    const ann = await signedIn(app.url, 'Ann');
    await ann.post('/rooms', { name: 'mine' });
    const form = { method: 'POST', body: 'some text' };
    const upload = await fetch(`${app.url}/rooms/class/files?name=a.txt`, form);
    const { file: attachment } = (await upload.json()) as { file: { id: string } };
    await writeBackup({ data, file });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(file, '..')), ['backup.tar.gz'], 'and no draft of it');

    const { data: copy } = await restore(t, file);
    assert.equal(readFileSync(join(copy, 'files', attachment.id), 'utf8'), 'some text');
    await app.close();
    const again = await openApp(t, { data: copy, port: app.port });
    assert.deepEqual(
      again.lines.map(({ code }) => code),
      ['database-replaced'],
    );
    const cleared = await ann.post('/rooms/mine/commands', { type: 'clear-history' });
    assert.ok(cleared.ok, await cleared.text());
  });

  test('names the uploads that were not on the disk, and is restored without them.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    const app = await openApp(t, { data });
    const guest = await createGuest(app.port);
    const response = await uploadFile(guest, 'a.txt', 'text');
    const { file: attachment } = (await response.json()) as { file: { id: string } };
    await app.close();
    rmSync(join(data, 'files', attachment.id));
    assert.deepEqual((await writeBackup({ data, file })).missing, [attachment.id]);
    const { restored } = await restore(t, file);
    assert.equal(restored.missing, 1);
  });

  test('has nothing of what was erased, and goes on with what was being erased.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    const ann = who('00000000-0000-4000-8000-0000000000aa', { name: 'Zqann' });
    const db = openDatabase(join(data, 'chat.sqlite'));
    const append = appender(db);
    append(Array.from({ length: 120 }, (_, n) => posted(`zqpost ${n}`, null, ann)));
    append([{ kind: 'person-erased', uids: [ann.uid], session: null, at: 0 }]);
    append([{ kind: 'erasure-continued', at: 0 }]);
    // As in unused parts of pages, where SQLite had moved rows.
    db.exec(
      "PRAGMA secure_delete = OFF; CREATE TABLE gone (text TEXT); INSERT INTO gone VALUES ('zqgone')",
    );
    db.exec('DELETE FROM gone');
    db.close();
    writeFileSync(join(data, 'secret'), 'secret', { mode: 0o600 });
    new Compaction(data).note();
    await writeBackup({ data, file });
    const { data: copy } = await restore(t, file);
    assert.ok(filesWith(data, 'zqgone').length > 0);
    assert.deepEqual(filesWith(copy, 'zqgone'), []);
    assert.ok(filesWith(copy, 'zqpost').length > 0);
    rmSync(join(copy, 'secret'));
    await openApp(t, { data: copy });
    await waitWhile(
      () => ['zqpost', 'zqann', ann.uid].some((text) => filesWith(copy, text).length > 0),
      50,
    );
  });

  test('does not replace a file, and leaves none behind where it fails.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    await assert.rejects(writeBackup({ data, file }), { name: 'StartupError' });
    assert.deepEqual(readdirSync(join(file, '..')), []);
    await fill(t, data, 'a');
    writeFileSync(file, 'precious');
    await assert.rejects(writeBackup({ data, file }), /exists: choose another name/);
    assert.equal(readFileSync(file, 'utf8'), 'precious');
    assert.deepEqual(readdirSync(join(file, '..')), ['backup.tar.gz']);
  });
});

suite('A restored log is a new epoch: clients with newer cursors are reset', () => {
  for (const before of [['a', 'b'], []]) {
    test(`where the backup has ${before.length || 'no'} messages.`, async (t) => {
      const [data, file] = [temporaryFolder(t), newFile(t)];
      const app = await openApp(t, { data });
      if (before.length > 0) await postAll(app, ...before);
      await writeBackup({ data, file });
      const cursor = await postAll(app, 'c', 'd');
      await app.close();
      await restoreBackup({ files: [file], data, replaces: true });
      const restored = await openApp(t, { data });
      // The numbers of what was lost are assigned again, to other messages.
      await postAll(restored, 'x', 'y', 'z');
      const all = await resetBodies(t, restored, cursor);
      for (const { name, isReset, bodies } of all) {
        assert.equal(isReset, true, name);
        assert.deepEqual(bodies, [...before, 'x', 'y', 'z'], name);
      }
    });
  }
});

suite('A restore', () => {
  test('refuses a directory that is not empty, or moves what is in it aside.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    await fill(t, data, 'a');
    await writeBackup({ data, file });
    await fill(t, data, 'b');
    const before = messagesIn(data);
    const refused = restoreBackup({ files: [file], data, replaces: false });
    await assert.rejects(refused, /is not empty.*--replace.*Nothing was changed\.$/);
    assert.deepEqual(messagesIn(data), before);
    const { replaced = '' } = await restoreBackup({ files: [file], data, replaces: true });
    assert.deepEqual(messagesIn(replaced), before);
    assert.deepEqual(messagesIn(data), before.slice(0, 1));
    assert.ok(existsSync(join(replaced, 'secret')));
    await openApp(t, { data });
  });

  test('refuses a directory that a server uses.', async (t) => {
    const [data, file] = [temporaryFolder(t), newFile(t)];
    const app = await openApp(t, { data });
    await postAll(app, 'a');
    await writeBackup({ data, file });
    const refused = restoreBackup({ files: [file], data, replaces: true });
    await assert.rejects(refused, /is in use .* Is another Typhoon running\?/);
    await postAll(app, 'b');
    assert.equal(messagesIn(data).length, 2);
  });

  test('puts backups of what is new onto a full one, and refuses an incomplete row of them.', async (t) => {
    const data = temporaryFolder(t);
    const app = await openApp(t, { data });
    const guest = await createGuest(app.port);
    const files = [newFile(t), newFile(t), newFile(t)];
    const [full = '', second = '', third = ''] = files;
    await uploadFile(guest, 'a.txt', 'a'.repeat(100));
    const { cursor } = await writeBackup({ data, file: full });
    await uploadFile(guest, 'b.txt', 'b'.repeat(100));
    await postAll(app, 'x');
    const next = await writeBackup({ data, file: second, since: cursor });
    await uploadFile(guest, 'c.txt', 'c'.repeat(100));
    const last = await writeBackup({ data, file: third, since: next.cursor });
    const uploads = ({ entries }: typeof last) =>
      Object.keys(entries).filter((name) => name.startsWith('files/')).length;
    assert.deepEqual([uploads(next), uploads(last)], [1, 1]);

    const { restored } = await restore(t, full, second, third);
    assert.deepEqual([restored.files, restored.cursor], [3, last.cursor]);
    await assert.rejects(restore(t, third), /give the backups before it as well/);
    await assert.rejects(restore(t, full, third), /begins at .*, and the backup before it ends at/);
    await assert.rejects(restore(t, second, full), /give the backups before it/);
    await assert.rejects(restore(t, full, full), /is a full backup: give it alone, or first/);
    const since = (text: string) => writeBackup({ data, file: newFile(t), since: text });
    await assert.rejects(since('other.1'), /is not a position of this log.*full backup\.$/);
    await assert.rejects(since(cursor.replace(/\d+$/, '99999')), /is not a position of this log/);
    await assert.rejects(since('yesterday'), /"yesterday" is not a cursor/);
  });
});
