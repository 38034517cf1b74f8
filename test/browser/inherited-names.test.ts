import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  becomes,
  memberEntry,
  openPage,
  openPageAs,
  openPollMenu,
  post,
  receivedMessages,
  waitForMessage,
  waitForState,
  waitUntilRead,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';

/** Names that every object of JavaScript has a property of. */
const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

const reading = (room: string) => `read in ${room}`;
const draft = (room: string) => `draft of ${room}`;

test('Rooms whose names every object has a property of are rooms like any other', async (t) => {
  const { url, port } = await openApp(t);
  const page = await openPage(t, url);
  await waitForState(page, 'live');
  assert.equal(await page.title(), 'lobby · Typhoon');
  for (const room of NAMES) {
    const other = await join(t, port, `/chat?room=${room}`);
    await page.goto(`${url}/rooms/${room}`);
    await waitForState(page, 'live');
    // The address of a room is in lower case.
    assert.equal(await page.title(), `${room.toLowerCase()} · Typhoon`, 'nothing is unread yet');
    assert.equal(await page.inputValue('#message'), '', 'nothing is drafted yet');
    await post(page, `hello from ${room}`);
    await waitForMessage(page, `hello from ${room}`);
    other.post(reading(room));
    await waitForMessage(page, reading(room));
    assert.deepEqual(await receivedMessages(page), [`hello from ${room}`, reading(room)]);

    await post(page, `/poll "${room}?" constructor | __proto__ | toString`);
    await page.locator('#messages .poll button.option[value="1"]').click();
    await page.locator('#messages .poll tr[data-option="1"][data-count="1"]').waitFor();
    assert.deepEqual(await page.locator('#messages .poll .option bdi').allTextContents(), [
      'constructor',
      '__proto__',
      'toString',
    ]);
    await openPollMenu(page);
    await page.selectOption('.chart-kind', 'over-time');
    await page.locator('#message').pressSequentially(draft(room));
    await page.reload();
    await waitForState(page, 'live');
    assert.equal(await page.inputValue('#message'), draft(room));
    await page.locator('#messages .poll button.option[value="1"][aria-pressed=true]').waitFor();
    await waitUntilRead(page, room.toLowerCase());
  }
  // From here on all is unread in each of them.
  await page.goto(`${url}/rooms`);
  for (const [index, room] of NAMES.entries()) {
    const other = await join(t, port, `/chat?room=${room}`);
    await other.postAndReceive(...Array.from({ length: index + 1 }, (_, n) => `unread ${n}`));
  }
  await page.reload();
  for (const [index, room] of NAMES.entries()) {
    await page
      .locator(`[data-room="${room.toLowerCase()}"]`, { hasText: `${index + 1} new` })
      .waitFor();
  }
  // Each is listed once.
  const listed = async () => (await page.locator('[data-room] bdi').allTextContents()).toSorted();
  await becomes(listed, [...NAMES.map((name) => name.toLowerCase()), 'lobby'].toSorted());
  for (const room of NAMES) {
    await page.goto(`${url}/rooms/${room}`);
    await waitForState(page, 'live');
    await becomes(
      () => page.locator('.unread-divider + .message > .body').textContent(),
      'unread 0',
    );
    assert.equal(await page.inputValue('#message'), draft(room));
  }
});

test('A user with such a name is mentioned, muted and an owner like any other', async (t) => {
  const { url } = await openApp(t);
  const user = await signedIn(url, 'constructor');
  await user.post('/rooms', { title: '__proto__', topic: 'valueOf' });
  const owner = await openPageAs(t, `${url}/rooms/__proto__`, user);
  await waitForState(owner, 'live');
  const page = await openPage(t, `${url}/rooms/__proto__`);
  await waitForState(page, 'live');
  await post(page, 'hello @constructor');
  await owner.locator('.message .mention').waitFor();
  await post(owner, 'loud');
  await waitForMessage(page, 'loud');
  await memberEntry(page, 'constructor').getByRole('button').click();
  await page.getByRole('button', { name: 'Hide their messages' }).click();
  await page.locator('.message.muted').waitFor({ state: 'attached' });
  await page.reload();
  await waitForState(page, 'live');
  await becomes(() => page.locator('.message.muted').count(), 1);
  await page.goto(`${url}/rooms`);
  const been = page.getByRole('region', { name: 'Recently visited' });
  await been.getByRole('link', { name: '__proto__' }).click();
  await waitForState(page, 'live');
  await becomes(() => page.textContent('#topic'), 'valueOf');
});
