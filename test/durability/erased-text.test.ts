import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { openApp, temporaryFolder } from '../support/server.ts';
import { filesWith } from '../support/stored-text.ts';
import { signedIn } from '../support/test-browser.ts';
import { waitWhile } from '../support/wait-while.ts';

/** All files are read each time. */
const CHECK_MS = 100;

/** A server with its own folder, and the owner of a room. */
async function openRoom(t: TestContext) {
  const data = temporaryFolder(t);
  const { url, close } = await openApp(t, { data });
  const browser = await signedIn(url, 'Ann');
  await browser.post('/rooms', { name: 'mine' });
  const post = async (message: string): Promise<number> =>
    (await (await browser.post('/rooms/mine/messages', { message })).json()).message.id;
  const run = async (command: Readonly<Record<string, unknown>>) =>
    assert.ok((await browser.post('/rooms/mine/commands', command)).ok, JSON.stringify(command));
  /** Waits until the search index contains a text, too. */
  const waitUntilIndexed = (text: string) =>
    waitWhile(
      () => !filesWith(data, text).some((file) => file.startsWith('search.sqlite')),
      CHECK_MS,
    );
  /** Waits until no file contains a text. */
  const waitUntilErased = (...texts: readonly string[]) =>
    waitWhile(() => texts.some((text) => filesWith(data, text).length > 0), CHECK_MS);
  // The folder is removed before the hooks end the server, which still writes to it.
  return { data, browser, post, run, waitUntilIndexed, waitUntilErased, close };
}

suite('A deleted text is in no byte of any file', () => {
  test('after a message was edited or deleted, and the text next to it still is', async (t) => {
    const { data, browser, post, run, waitUntilIndexed, waitUntilErased, close } =
      await openRoom(t);
    for (let n = 0; n < 50; n += 1) await post(`nearby text ${n}`);
    const edited = await post('zqedited xqzj');
    const deleted = await post(`zqdeleted ${'xqzj '.repeat(500)}`);
    await waitUntilIndexed('qdeleted');
    await run({ type: 'edit', id: edited, message: 'other words' });
    await run({ type: 'delete', id: deleted });
    await waitUntilErased('qedited', 'qdeleted', 'xqzj');
    // Again, with an index that is one segment now.
    const again = await post('zqagain');
    await waitUntilIndexed('qagain');
    await run({ type: 'delete', id: again });
    await waitUntilErased('qagain');
    assert.deepEqual(filesWith(data, 'nearby text 49').length > 0, true);
    const found = await browser.get('/rooms/mine/search?q=nearby');
    assert.ok((await found.text()).includes('<mark>nearby</mark> text'));
    await close();
  });

  test('after the history was cleared', async (t) => {
    const { post, run, waitUntilIndexed, waitUntilErased, close } = await openRoom(t);
    for (let n = 0; n < 60; n += 1) await post(`zqcleared ${n}`);
    await waitUntilIndexed('qcleared');
    await run({ type: 'clear-history' });
    await waitUntilErased('qcleared');
    await close();
  });

  test('after a suggestion was removed from a poll, or the poll was reset', async (t) => {
    const { browser, run, waitUntilErased, close } = await openRoom(t);
    const ask = async () => {
      await run({ type: 'create-poll', kind: 'q-and-a', question: 'What?' });
      const { messages } = await (
        await browser.get('/rooms/mine/messages', { Accept: 'application/json' })
      ).json();
      return messages.at(-1).id;
    };
    const [first, second] = [await ask(), await ask()];
    await run({ type: 'suggest-option', id: first, suggestion: 'zqdropped' });
    await run({ type: 'suggest-option', id: second, suggestion: 'zqreset' });
    await run({ type: 'moderate-option', id: first, option: 0, state: 'removed' });
    await run({ type: 'reset-poll', id: second });
    await waitUntilErased('zqdropped', 'zqreset');
    const again = await browser.post('/rooms/mine/commands', {
      type: 'suggest-option',
      id: first,
      suggestion: 'ZQdropped',
    });
    assert.equal(again.status, 400, 'a removed suggestion cannot be added again');
    await close();
  });
});
