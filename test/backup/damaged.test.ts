import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar';
import { restoreBackup } from '../../server/backup/restore-backup.ts';
import { writeBackup } from '../../server/backup/write-backup.ts';
import { fill, messagesIn } from '../support/backups.ts';
import { type Scope, temporaryFolder } from '../support/server.ts';

const PASSWORD = 'correct horse battery';
const SECRET_TEXT = 'zqsecret words';

suite('A backup that is damaged is refused, and nothing is changed', () => {
  let plain: Buffer;
  let encrypted: Buffer;

  before(async () => {
    const scope = { after };
    const data = temporaryFolder(scope);
    await fill(scope, data, 'a', SECRET_TEXT);
    const folder = temporaryFolder(scope);
    await writeBackup({ data, file: join(folder, 'plain') });
    await writeBackup({ data, file: join(folder, 'encrypted'), password: PASSWORD });
    plain = readFileSync(join(folder, 'plain'));
    encrypted = readFileSync(join(folder, 'encrypted'));
  });

  /** Restores a file, and returns the error; the data directory must stay as it was. */
  async function errorOf(t: Scope, bytes: Buffer, password?: string): Promise<string> {
    const file = join(temporaryFolder(t), 'file');
    writeFileSync(file, bytes);
    const data = temporaryFolder(t);
    writeFileSync(join(data, 'secret'), 'as it was');
    try {
      await restoreBackup({ files: [file], data, password, replaces: true });
    } catch (error) {
      assert.deepEqual(readdirSync(data).toSorted(), ['lock', 'secret']);
      const { name, message } = error as Error;
      assert.equal(name, 'StartupError', String(error));
      return message;
    }
    return 'restored';
  }

  test('where it was cut off anywhere.', async (t) => {
    for (let part = 0; part < 8; part += 1) {
      const cut = plain.subarray(0, Math.floor((plain.length * part) / 8));
      assert.match(await errorOf(t, cut), /^Cannot read .*: it is /, `${part}`);
    }
    const archive = gunzipSync(plain);
    const entries = await unpackTar(archive);
    const without = await packTar(entries.slice(0, -1));
    assert.match(await errorOf(t, gzipSync(without)), /it is incomplete: it was cut off/);
  });

  test('where a byte of the archive was changed.', async (t) => {
    const archive = gunzipSync(plain);
    // In the database, where neither gzip nor the headers of the archive show it.
    const at = archive.indexOf(SECRET_TEXT);
    archive.writeUInt8(archive.readUInt8(at) ^ 1, at);
    assert.match(await errorOf(t, gzipSync(archive)), /chat\.sqlite in it is damaged or missing/);
  });

  test('where it has names outside of a backup.', async (t) => {
    const entries = await unpackTar(gunzipSync(plain));
    for (const name of ['../evil', '/tmp/evil', 'files/../evil', 'log-head.json', 'files/x']) {
      const body = Buffer.from('evil');
      const bad = await packTar([{ header: { name, size: 4 }, body }, ...entries]);
      assert.match(await errorOf(t, gzipSync(bad)), /it is not a backup/, name);
    }
    const link = { name: 'secret', size: 0, type: 'symlink' as const, linkname: '/etc/passwd' };
    const linked = await packTar([{ header: link }, ...entries]);
    assert.match(await errorOf(t, gzipSync(linked)), /it is not a backup/);
  });

  test('where it is something else.', async (t) => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), gzipSync('hello')]) {
      assert.match(await errorOf(t, bytes), /^Cannot read .*: it is /);
    }
  });

  test('where it is encrypted, and the password is wrong or missing.', async (t) => {
    assert.ok(gunzipSync(plain).includes(SECRET_TEXT));
    assert.ok(!encrypted.includes('chat.sqlite'), 'nothing can be read in it');
    assert.match(await errorOf(t, encrypted), /is encrypted: give its password\.$/);
    assert.match(await errorOf(t, encrypted, 'another password'), /the password is wrong, or/);
  });

  test('and the same file as it was written is restored.', async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'encrypted');
    writeFileSync(file, encrypted);
    const data = join(folder, 'data');
    await restoreBackup({ files: [file], data, password: PASSWORD, replaces: false });
    assert.match(messagesIn(data).at(-1) ?? '', /zqsecret words$/);
  });
});
