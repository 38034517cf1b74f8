import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { restoreBackup } from '../../server/backup/restore-backup.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { TestBrowser } from '../support/test-browser.ts';

/** A backup of a folder that an earlier version wrote, before read positions were stored. */
const EARLIER = fileURLToPath(new URL('../support/folders/schema-20.tar.gz', import.meta.url));

test('A folder that an earlier version wrote is opened with all that is in it, and copied before.', async (t) => {
  const data = temporaryFolder(t);
  await restoreBackup({ files: [EARLIER], data, replaces: false });
  const { url } = await openApp(t, { data });
  const browser = new TestBrowser(url);
  const page = await browser.get('/rooms/mine/messages', { Accept: 'application/json' });
  const { messages } = await page.json();
  const texts = messages.map(({ type, body, question }: Record<string, string>) => [
    type,
    body ?? question,
  ]);
  assert.deepEqual(texts.slice(1), [
    ['message', 'hello **from** before'],
    ['message', 'an answer'],
    ['poll', 'Which?'],
    ['message', 'with a file'],
  ]);
  const [attachment] = messages.at(-1).files;
  const file = await browser.get(attachment.path ?? `/rooms/mine/files/${attachment.id}`);
  assert.equal(await file.text(), 'some text');
  const vote = { type: 'set-votes', id: messages[3].id, options: [0] };
  assert.ok((await browser.post('/rooms/mine/commands', vote)).ok);
  assert.ok((await browser.post('/rooms/mine/messages', { message: 'and now' })).ok);
  assert.ok(readdirSync(data).includes('chat-before-migration-from-20.sqlite'));
});
