import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { runCommand } from '../../../server/commands/commands.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { signedIn } from '../../support/test-browser.ts';

/** A running server with a room of all kinds of messages, and a folder for exports. */
async function openRoom(t: TestContext) {
  const data = temporaryFolder(t);
  const { url } = await openApp(t, { data });
  const ann = await signedIn(url, 'Ann');
  await ann.post('/rooms', { name: 'mine', title: 'Mine & <ours>' });
  const upload = await fetch(`${url}/rooms/mine/files?name=a.txt`, {
    method: 'POST',
    headers: { ...ann.headers('/rooms/mine/files'), Accept: 'application/json' },
    body: 'some text',
  });
  const { file } = (await upload.json()) as { file: { id: string } };
  const post = async (fields: object): Promise<number> =>
    (await (await ann.post('/rooms/mine/messages', { ...fields })).json()).message.id;
  const first = await post({ message: 'some **bold** text <script>alert(1)</script>' });
  await post({ message: 'an answer', reply: first, files: [file.id] });
  const gone = await post({ message: 'zqdeleted' });
  await ann.post('/rooms/mine/commands', { type: 'delete', id: gone });
  const poll = { type: 'create-poll', question: 'Which one?', options: ['x <y>', 'z'] };
  await ann.post('/rooms/mine/commands', poll);
  t.mock.method(console, 'log', () => {});
  const folder = temporaryFolder(t);
  const run = async (name: string, ...args: readonly string[]): Promise<string> => {
    await runCommand(['export', ...args, join(folder, name), '--data', data], {});
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    return readFileSync(join(folder, name), 'utf8');
  };
  return { run, folder };
}

suite('typhoon export ROOM, while the server runs', () => {
  test('writes one page with everything in it, and nothing that runs or loads.', async (t) => {
    const { run } = await openRoom(t);
    const page = await run('room.html', 'mine');
    assert.match(page, /<title>Mine &amp; &lt;ours&gt;<\/title>/);
    assert.match(page, /some <strong>bold<\/strong> text &lt;script&gt;/);
    assert.match(page, /<blockquote><a href="#m\d+">/);
    assert.ok(page.includes(Buffer.from('some text').toString('base64')));
    assert.match(page, /x &lt;y&gt;<\/bdi>: 0/);
    assert.doesNotMatch(page, /zqdeleted|<script|(?:src|href)="(?!#|data:)/);
  });

  test('writes a message in each line, or text.', async (t) => {
    const { run } = await openRoom(t);
    const lines = (await run('room.jsonl', 'mine')).trimEnd().split('\n');
    const types = lines.map((line) => JSON.parse(line).type);
    assert.deepEqual(types, ['system', 'message', 'message', 'poll']);
    const text = await run('room.md', 'mine');
    assert.match(text, /^# Mine & <ours>\n/);
    assert.match(text, /some \*\*bold\*\* text.*> some.*an answer.*📎 a\.txt.*- z: 0/s);
    assert.doesNotMatch(text, /zqdeleted/);
  });

  test('refuses what is not there, and replaces nothing.', async (t) => {
    const { run, folder } = await openRoom(t);
    await assert.rejects(run('a.html', 'other'), /There is no room other\./);
    await assert.rejects(run('a.pdf', 'mine'), /must end in \.html, \.jsonl, \.md/);
    await assert.rejects(runCommand(['export'], {}), /export needs a ROOM, or --person NAME\./);
    await assert.rejects(run('a.jsonl', '--person', 'Bo'), /Nobody has, or had, the name Bo/);
    assert.deepEqual(readdirSync(folder), []);
    await run('a.md', 'mine');
    await assert.rejects(run('a.md', 'mine'), /exists: choose another name/);
  });
});

test('typhoon export --person writes all that is stored about somebody, and no secret.', async (t) => {
  const { run } = await openRoom(t);
  const lines = (await run('ann.jsonl', '--person', 'ANN')).trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line));
  const tables = new Set(rows.map(({ table }) => table));
  for (const table of ['messages', 'names', 'sessions', 'files', 'events'])
    assert.ok(tables.has(table), table);
  for (const row of rows) {
    assert.ok(!('password_hash' in row) && !('browser' in row));
    assert.ok(row.table !== 'sessions' || !('id' in row));
  }
});
