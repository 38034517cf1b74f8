import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from '../../support/client.ts';
import { createImage } from '../../support/images.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';

test('The pages of the panel say who is online and what is pinned, and link to each other.', async (t) => {
  const { port } = await openApp(t);
  const ada = await signIn(port, 'Ada & Co');
  assert.equal(await outcome(ada.createRoom('room', {})), '201');
  const page = async (tab: string) => (await ada.get(`/rooms/room/${tab}`)).text();
  assert.match(await page('people'), /No one is online/);
  assert.match(await page('pinned'), /No pinned messages/);
  await join(t, port, '/rooms/room/live', { headers: ada.headers });
  // Who is online is shown a moment later.
  while (!(await page('people')).includes('class="member"'));
  assert.match(await page('people'), /<bdi>Ada &amp; Co<\/bdi>/);
  const ids: number[] = [];
  for (const text of ['**one**', '<b>two</b>']) {
    const { message } = await (await ada.postMessage('room', text)).json();
    assert.equal(await outcome(ada.command('room', { type: 'pin', id: message.id })), '200');
    ids.push(message.id);
  }
  const pinned = await page('pinned');
  const links = [...pinned.matchAll(/href="\/rooms\/room\?at=(\d+)"/g)].map(([, id]) => Number(id));
  assert.deepEqual(links, ids.toReversed(), 'the last one pinned is first');
  assert.ok(pinned.includes('&lt;b&gt;two&lt;/b&gt;'));
  for (const tab of ['people', 'pinned', 'files', 'search'])
    assert.match(await page(tab), new RegExp(`data-panel="${tab}" aria-current="page"`));
  assert.equal(
    await outcome(ada.command('room', { type: 'set-password', password: 'tulip' })),
    '200',
  );
  const guest = await createGuest(port);
  for (const tab of ['people', 'pinned', 'files', 'search'])
    assert.equal((await guest.get(`/rooms/room/${tab}`)).status, 403, tab);
});

test('The files of a room are listed by the page, newest first, without those that are gone.', async (t) => {
  const { port } = await openApp(t);
  const ada = await signIn(port, 'Ada');
  assert.equal(await outcome(ada.createRoom('a', {})), '201');
  const share = async (name: string, body: Buffer<ArrayBuffer> | string) => {
    const { file } = await (await uploadFile(ada, name, body)).json();
    const posted = await ada.post('/rooms/a/messages', { message: '', files: [file.id] });
    return (await posted.json()).message.id as number;
  };
  assert.match(await (await ada.get('/rooms/a/files')).text(), /No files yet/);
  await ada.postMessage('a', 'no file');
  const first = await share('sea.png', await createImage('png', 800, 400));
  for (let n = 1; n <= 21; n += 1) await share(`notes ${n}.txt`, 'x');
  assert.equal(await outcome(ada.command('a', { type: 'delete', id: first + 2 })), '200');
  type Listed = {
    files: { name: string; message: number; author: string }[];
    before: number | null;
  };
  const list = async (query = ''): Promise<Listed> =>
    (await ada.get(`/rooms/a/files${query}`, { Accept: 'application/json' })).json();
  const { files, before } = await list();
  assert.equal(files.length, 20);
  assert.deepEqual([files[0]?.name, files[0]?.author], ['notes 21.txt', 'Ada']);
  const rest = await list(`?before=${before}`);
  assert.deepEqual(
    rest.files.map(({ name }) => name),
    ['sea.png'],
  );
  assert.equal(rest.before, null);
  const page = await (await ada.get('/rooms/a/files')).text();
  assert.ok(page.includes('download="notes 21.txt"') && page.includes(`?before=${before}`));
  const older = await (await ada.get(`/rooms/a/files?before=${before}`)).text();
  assert.match(older, /<img src="[^"]+\?preview" width="640" height="320"/);
  assert.ok(older.includes(`href="/rooms/a?at=${first}"`));
  assert.equal(await outcome(ada.command('a', { type: 'clear-history' })), '200');
  assert.deepEqual((await list()).files, []);
  assert.equal((await ada.get('/rooms/a/files?before=x')).status, 400);
});
