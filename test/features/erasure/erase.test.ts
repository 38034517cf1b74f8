import assert from 'node:assert/strict';
import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { runCommand } from '../../../server/commands/commands.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { filesWith } from '../../support/stored-text.ts';
import { signedIn, TestBrowser } from '../../support/test-browser.ts';
import { waitWhile } from '../../support/wait-while.ts';

const NAME = 'Zqannabel';
/** What Annabel wrote: no text of anybody else has it. */
const WORDS = ['zqpost', 'qedit', 'zqanswer', 'zqfile', 'zqpoll'] as const;

/**
 * Makes a store larger than what is compacted at once, with remains of a deleted text in a page that is in
 * use: SQLite leaves them where it moves rows, here they are from before it overwrote what is deleted.
 */
function fillWithRemains(data: string): void {
  const db = openDatabase(join(data, 'chat.sqlite'));
  db.exec(`PRAGMA secure_delete = OFF;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
    INSERT INTO messages (id, seq, room, kind, uid, body, at)
      SELECT i, i, 'old', 'message', 'somebody', iif(i % 2, hex(randomblob(1000)), 'zqpost from then'), 0
      FROM n;
    INSERT INTO events (seq, kind, room, uid, at) VALUES (6000, 'message-posted', 'old', 'somebody', 0);
    DELETE FROM messages WHERE body LIKE 'zq%'`);
  db.close();
}

/** Every value of every table that contains a text, as `table.column`. */
function columnsWith(db: DatabaseSync, text: string): readonly string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return tables.flatMap(({ name }) => {
    const rows = db.prepare(`SELECT * FROM "${name}"`).all();
    const columns = rows.flatMap((row) =>
      Object.entries(row).flatMap(([column, value]) =>
        String(value).includes(text) ? [`${name}.${column}`] : [],
      ),
    );
    return [...new Set(columns)];
  });
}

/** Two users who do everything that is stored of a user. Returns the uid of the first. */
async function live(t: TestContext, data: string) {
  const { url, close } = await openApp(t, { data }, { erasureIntervalMs: 20 });
  const ann = await signedIn(url, NAME);
  const bo = await signedIn(url, 'Bo');
  const postTo = async (browser: TestBrowser, fields: object): Promise<number> => {
    const response = await browser.post('/rooms/mine/messages', { ...fields });
    const answer = await response.json();
    assert.ok(response.ok, JSON.stringify(answer));
    return answer.message.id;
  };
  const run = async (browser: TestBrowser, command: object) => {
    const response = await browser.post('/rooms/mine/commands', { ...command });
    assert.ok(response.ok, `${JSON.stringify(command)}: ${await response.text()}`);
  };
  await bo.post('/rooms', { name: 'mine' });
  const own = { type: 'create-poll', question: 'zqpoll', options: ['zqpoll a', 'b'] };
  assert.ok((await ann.post('/rooms/open/commands', own)).ok);
  const upload = await fetch(`${url}/rooms/mine/files?name=zqfile.txt`, {
    method: 'POST',
    headers: { ...ann.headers('/rooms/mine/files'), Accept: 'application/json' },
    body: 'zqfile content',
  });
  const { file } = (await upload.json()) as { file: { id: string } };
  const first = await postTo(ann, { message: 'zqpost', files: [file.id] });
  const second = await postTo(ann, { message: 'zqpost again' });
  await run(ann, { type: 'edit', id: second, message: 'zqedit' });
  await postTo(bo, { message: 'a reply by Bo', reply: first });
  const other = await postTo(bo, { message: 'what Bo wrote' });
  await run(ann, { type: 'react', id: other, emoji: '👍', enabled: true });
  await run(bo, { type: 'react', id: other, emoji: '👍', enabled: true });
  await run(bo, { type: 'pin', id: second });
  await run(ann, { type: 'mark-read', id: other });
  const poll = async (browser: TestBrowser, fields: object): Promise<number> => {
    await run(browser, { type: 'create-poll', ...fields });
    const response = await bo.get('/rooms/mine/messages', { Accept: 'application/json' });
    return (await response.json()).messages.at(-1).id;
  };
  const choice = await poll(bo, { question: 'Which?', options: ['x', 'y'], showVoters: true });
  for (const browser of [ann, bo])
    await run(browser, { type: 'set-votes', id: choice, options: [0] });
  const answers = await poll(bo, { kind: 'q-and-a', question: 'What?', showVoters: true });
  await run(ann, { type: 'suggest-option', id: answers, suggestion: 'zqanswer' });
  await run(bo, { type: 'suggest-option', id: answers, suggestion: 'what Bo asked' });
  const [{ uid: annUid }] = (
    await (await bo.get('/rooms/mine/messages', { Accept: 'application/json' })).json()
  ).messages.filter(({ id }: { id: number }) => id === first);
  await run(bo, { type: 'mute', uid: annUid, minutes: 5 });
  await waitWhile(() => !filesWith(data, 'qedit').some((path) => path.startsWith('search')), 50);
  const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  const uid = String(db.prepare('SELECT uid FROM names WHERE name = ?').get(NAME)?.uid);
  const before = columnsWith(db, uid);
  db.close();
  return { url, close, bo, uid, before, first, choice, answers };
}

/** What is left of what others wrote. */
async function assertOthersStay(
  url: string,
  { choice, answers }: { choice: number; answers: number },
) {
  const page = await new TestBrowser(url).get('/rooms/mine/messages', {
    Accept: 'application/json',
  });
  const { messages } = await page.json();
  const texts = messages.flatMap(({ body }: { body?: string }) => body ?? []);
  assert.ok(texts.includes('a reply by Bo') && texts.includes('what Bo wrote'), `${texts}`);
  const pollOf = (id: number) => messages.find((message: { id: number }) => message.id === id);
  assert.match(JSON.stringify(pollOf(choice)), /"counts":\[2,0\]|"count":2/);
  assert.match(JSON.stringify(pollOf(answers)), /what Bo asked/);
  assert.equal((await new TestBrowser(url).get('/rooms/mine')).status, 200);
}

/** Compacting follows what is erased. */
async function untilNothingLeft(data: string, uid: string): Promise<void> {
  const words = [...WORDS, NAME.toLowerCase(), uid];
  await waitWhile(() => words.some((word) => filesWith(data, word).length > 0), 50);
  assertNothingLeft(data, uid);
}

function assertNothingLeft(data: string, uid: string): void {
  for (const word of [...WORDS, NAME.toLowerCase(), uid])
    assert.deepEqual(filesWith(data, word), [], word);
  const db = new DatabaseSync(join(data, 'chat.sqlite'), { readOnly: true });
  assert.deepEqual(columnsWith(db, uid), []);
  assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  db.close();
}

suite('typhoon erase --person', () => {
  test('leaves nothing of a person in any file, and all that others wrote.', async (t) => {
    const data = temporaryFolder(t);
    const { close, uid, before, ...polls } = await live(t, data);
    assert.ok(before.length >= 10, `${before}`);
    await close();
    const copy = join(data, 'chat-before-migration-from-3.sqlite');
    copyFileSync(join(data, 'chat.sqlite'), copy);
    const log = t.mock.method(console, 'log', () => {});
    await runCommand(['erase', '--person', NAME, '--data', data], {});
    assert.ok(filesWith(data, 'zqpost').length > 0, 'without --yes nothing is erased');
    await runCommand(['erase', '--person', NAME.toLowerCase(), '--data', data, '--yes'], {});
    assert.match(String(log.mock.calls.at(-1)?.arguments), /^Erased 3 messages of/);
    log.mock.restore();
    assertNothingLeft(data, uid);
    const again = await openApp(t, { data });
    assert.deepEqual(again.lines, [], 'the log goes on in its epoch');
    await assertOthersStay(again.url, polls);
    await again.close();
  });

  test('does the same while the server runs, and open pages lose it without a gap.', async (t) => {
    const data = temporaryFolder(t);
    const { url, bo, uid, first, ...polls } = await live(t, data);
    copyFileSync(join(data, 'chat.sqlite'), join(data, 'chat-before-migration-from-3.sqlite'));
    const read = async () => {
      const response = await bo.get('/rooms/mine/messages', { Accept: 'application/json' });
      return await response.json();
    };
    const { cursor } = await read();
    writeFileSync(join(data, 'erase-request'), '{"uids":["of a command that was kil');
    t.mock.method(console, 'log', () => {});
    await runCommand(['erase', '--person', NAME, '--data', data, '--yes'], {});
    await untilNothingLeft(data, uid);
    const after = await bo.get(`/rooms/mine/messages?after=${cursor}`, {
      Accept: 'application/json',
    });
    const { messages, reset } = await after.json();
    assert.ok(!reset, 'the cursor holds');
    const gone = messages.find((message: { id: number }) => message.id === first);
    assert.deepEqual([gone.type, gone.uid, gone.name], ['deleted', '', null]);
    assert.doesNotMatch(JSON.stringify([messages, await read()]), /zq/i);
    await assertOthersStay(url, polls);
  });

  test('does so in a large store as soon as nobody writes.', async (t) => {
    const data = temporaryFolder(t);
    fillWithRemains(data);
    assert.ok(statSync(join(data, 'chat.sqlite')).size > 10 * 1024 * 1024);
    const { url, uid, ...polls } = await live(t, data);
    t.mock.method(console, 'log', () => {});
    await runCommand(['erase', '--person', NAME, '--data', data, '--yes'], {});
    await untilNothingLeft(data, uid);
    await assertOthersStay(url, polls);
  });

  test('says who is not there.', async (t) => {
    const data = temporaryFolder(t);
    const app = await openApp(t, { data });
    const erase = (...args: string[]) => runCommand(['erase', '--data', data, ...args], {});
    await assert.rejects(erase('--person', 'Bo'), /^StartupError: Nobody has, or had, the name Bo/);
    await app.close();
    await assert.rejects(erase('--person', 'Bo'), /^StartupError: Nobody has, or had, the name Bo/);
    await assert.rejects(erase(), /erase needs --person NAME/);
  });
});

test('typhoon compact makes the database smaller, and keeps what is in it.', async (t) => {
  const data = temporaryFolder(t);
  const app = await openApp(t, { data });
  const ann = await signedIn(app.url, 'Ann');
  await ann.post('/rooms', { name: 'mine' });
  for (let n = 0; n < 30; n += 1)
    await ann.post('/rooms/mine/messages', { message: 'x'.repeat(4_000) });
  await ann.post('/rooms/mine/commands', { type: 'clear-history' });
  await ann.post('/rooms/mine/messages', { message: 'last' });
  await app.close();
  const file = join(data, 'chat.sqlite');
  const before = statSync(file).size;
  t.mock.method(console, 'log', () => {});
  await runCommand(['compact', '--data', data], {});
  assert.ok(statSync(file).size < before);
  const again = await openApp(t, { data });
  assert.deepEqual(again.lines, [], 'the log goes on in its epoch');
});
