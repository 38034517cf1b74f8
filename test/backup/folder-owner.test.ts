import assert from 'node:assert/strict';
import { chownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { restoreBackup } from '../../server/backup/restore-backup.ts';
import { writeBackup } from '../../server/backup/write-backup.ts';
import * as compact from '../../server/commands/compact.ts';
import * as owner from '../../server/commands/owner.ts';
import { postAll } from '../support/backups.ts';
import { openApp, temporaryFolder } from '../support/server.ts';

const isRoot = process.getuid?.() === 0;
/** Whom the server runs as: nobody in particular, where the tests may choose. */
const SERVER = isRoot ? 64_999 : process.getuid?.();

/** A data directory of the user that the server runs as, which has a message. */
async function folderOfServer(t: TestContext): Promise<string> {
  const data = temporaryFolder(t);
  const app = await openApp(t, { data });
  await postAll(app, 'hello');
  await app.close();
  const paths = readdirSync(data, { recursive: true, encoding: 'utf8' });
  if (SERVER !== undefined && isRoot) {
    for (const path of ['.', ...paths]) chownSync(join(data, path), SERVER, SERVER);
  }
  return data;
}

function ownersIn(folder: string): readonly (number | undefined)[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [...new Set(paths.map((path) => lstatSync(join(folder, path)).uid))];
}

test('What root restores belongs to the user that the server runs as.', async (t) => {
  const data = await folderOfServer(t);
  const file = join(temporaryFolder(t), 'backup.tar.gz');
  await writeBackup({ data, file });
  await restoreBackup({ files: [file], data, replaces: true });
  assert.deepEqual(ownersIn(data), [SERVER]);
});

test('So does what other commands write.', async (t) => {
  const data = await folderOfServer(t);
  t.mock.method(console, 'log', () => undefined);
  await owner.run(['--data', data], {});
  await compact.run(['--data', data], {});
  assert.deepEqual(ownersIn(data), [SERVER]);
});

test('What a link in the directory points to is not given away.', async (t) => {
  const data = await folderOfServer(t);
  const outside = temporaryFolder(t);
  mkdirSync(join(outside, 'folder'));
  writeFileSync(join(outside, 'file'), '');
  symlinkSync(outside, join(data, 'link'));
  t.mock.method(console, 'log', () => undefined);
  await owner.run(['--data', data], {});
  assert.deepEqual(ownersIn(outside), [process.getuid?.()]);
});
