import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { bodies, join } from '../../support/client.ts';
import { cpuMs, MAX_MS } from '../../support/cpu.ts';
import { post } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { signedIn } from '../../support/test-browser.ts';

interface Found {
  readonly messages: readonly { readonly id: number; readonly body: string }[];
  readonly before: number | null;
  readonly indexed: boolean;
}

/** A server with these messages in the room `a`, and searches in it. */
function openWithMessages(t: TestContext, ...texts: readonly string[]) {
  return openWithDataDir(t, ':memory:', ...texts);
}

async function openWithDataDir(t: TestContext, data: string, ...texts: readonly string[]) {
  const { url, port } = await openApp(t, { data });
  for (const text of texts) await post(port, 'a', text);
  const get = (path: string, accept = 'text/html', language = 'en') =>
    fetch(`${url}/rooms/a${path}`, { headers: { Accept: accept, 'Accept-Language': language } });
  const page = async (path: string, language?: string) =>
    (await get(path, 'text/html', language)).text();
  const find = async (query: string): Promise<Found> => {
    const response = await get(`/search?${query}`, 'application/json');
    assert.equal(response.status, 200);
    return (await response.json()) as Found;
  };
  return { url, port, get, page, find };
}

suite('The search page', () => {
  test('shows the results with the match marked, and links to them', async (t) => {
    const { page } = await openWithMessages(t, 'Good <b>morning</b> & hello', '今天天气很好');
    const english = await page('/search?q=MORN');
    assert.ok(english.includes('Good &lt;b&gt;<mark>morning</mark>&lt;/b&gt; &amp; hello'));
    assert.ok(english.includes('href="/rooms/a?at=1"'));
    const chinese = await page(`/search?q=${encodeURIComponent('天气 好')}`);
    assert.ok(chinese.includes('今天<mark>天气</mark>很<mark>好</mark>'));
    assert.ok((await page('/search?q=evening')).includes('No results.'));
    assert.ok(!(await page('/search')).includes('No results.'));
  });

  test('shows no Markdown, but what was found in an address', async (t) => {
    const { page } = await openWithMessages(t, 'ship **v2** of [it](https://a.example/needle)');
    assert.ok((await page('/search?q=v2')).includes('>ship <mark>v2</mark> of it</span>'));
    assert.ok((await page('/search?q=needle')).includes('a.example/<mark>needle</mark>'));
  });

  test("says that punctuation alone can't be searched for, to JSON clients too", async (t) => {
    const { page, get } = await openWithMessages(t, 'see :-) or ++');
    for (const q of ['++', ':-)', '"..."']) {
      const query = `/search?q=${encodeURIComponent(q)}`;
      assert.match(await page(query), /Punctuation alone can&#39;t be searched/);
      assert.match(await page(query, 'zh'), /不能只搜索符号/);
      const response = await get(query, 'application/json');
      assert.equal(response.status, 400);
      assert.equal((await response.json()).error.code, 'empty-search');
    }
  });

  test('shows the part of a long message around the match', async (t) => {
    const { page } = await openWithMessages(
      t,
      `${'😀 before '.repeat(100)}needle${' after'.repeat(100)}`,
    );
    const [, shown = ''] =
      /<span class="excerpt"[^>]*>(.*?)<\/span>/.exec(await page('/search?q=needle')) ?? [];
    assert.match(shown, /^….*before <mark>needle<\/mark> after.*…$/);
    assert.ok(shown.length < 230 && shown.isWellFormed());
  });

  test('keeps the query in its form, whatever it is', async (t) => {
    const { get } = await openWithMessages(t, 'x');
    for (const q of ['"', 'AND', 'x:y', 'foo-bar', '*', '\0', `"'><script>alert(1)</script>`]) {
      const response = await get(`/search?q=${encodeURIComponent(q)}`);
      assert.equal(response.status, 200, q);
      assert.ok(!(await response.text()).includes('<script>'), q);
    }
    assert.equal((await get(`/search?q=${'x'.repeat(201)}`)).status, 400);
  });
});

test('A search says whether all is indexed, and the chat goes on where nothing can be indexed', async (t) => {
  const data = temporaryFolder(t);
  // A folder is where the file of the index should be.
  mkdirSync(joinPath(data, 'search.sqlite'));
  const { page, find } = await openWithDataDir(t, data, 'hello');
  assert.deepEqual(await find('q=hello'), { messages: [], before: null, indexed: false });
  assert.match(await page('/search?q=hello'), /Still indexing older messages \(0%\)/);
  assert.match(await page('/search?q=hello', 'zh'), /正在为较早的消息建立索引（0%）/);
  rmdirSync(joinPath(data, 'search.sqlite'));
  const { messages, indexed } = await find('q=hello');
  assert.deepEqual([messages.length, indexed], [1, true]);
  assert.ok(!(await page('/search?q=hello')).includes('Still indexing'));
});

suite('A search uses little time of the event loop', () => {
  const word = (letter: string) => letter.repeat(4_000 / letter.length);
  for (const [what, text, query] of [
    ['long words of ligatures', word('ﷺ'), 'صلى'],
    ['letters with thousands of marks', `a${word('\u0301')}`, 'a'],
    ['thousands of short words', word('a b '), '"a b" b'],
    ['ten rows of letters', word('啊'), Array(10).fill('啊'.repeat(19)).join(' ')],
    ['thousands of words that nearly match', word('啊'), `"${'啊'.repeat(190)}吗" 啊`],
  ] as const) {
    test(`whatever is searched for: ${what}`, async (t) => {
      const { get } = await openWithMessages(t, ...Array(21).fill(text.slice(0, 4_000)));
      const path = `/search?q=${encodeURIComponent(query)}`;
      const ms = await cpuMs(async () => assert.equal((await get(path)).status, 200));
      assert.ok(ms < MAX_MS, `${ms} ms`);
    });
  }

  test('in a poll with a hundred long questions', async (t) => {
    const { url, get } = await openWithMessages(t);
    const send = (command: object) =>
      fetch(`${url}/rooms/a/commands`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(command),
      });
    await send({ type: 'create-poll', kind: 'q-and-a', question: 'What do you want to know?' });
    const suggestions = Array.from({ length: 100 }, (_, n) => `${n} `.padEnd(280, 'ﷺ'));
    await Promise.all(
      suggestions.map((suggestion) => send({ type: 'suggest-option', id: 1, suggestion })),
    );
    while (!(await (await get('/search?q=99')).text()).includes('<mark>99</mark>'));
    const ms = await cpuMs(async () => assert.equal((await get('/search?q=صلى')).status, 200));
    assert.ok(ms < MAX_MS, `${ms} ms`);
  });
});

suite('A search over JSON', () => {
  test('finds the newest first, and says where the next page starts', async (t) => {
    const { find } = await openWithMessages(
      t,
      ...Array.from({ length: 25 }, (_, n) => `number ${n}`),
    );
    const first = await find('q=number');
    assert.deepEqual([first.messages.length, first.messages[0]?.body], [20, 'number 24']);
    const second = await find(`q=number&before=${first.before}`);
    assert.deepEqual(
      second.messages.map(({ body }) => body),
      ['number 4', 'number 3', 'number 2', 'number 1', 'number 0'],
    );
    assert.equal(second.before, null);
  });

  test('contains no count of a poll that is still hidden', async (t) => {
    const { url, find } = await openWithMessages(t);
    const browser = await signedIn(url, 'Ann');
    const poll = {
      type: 'create-poll',
      question: 'Tea?',
      options: ['yes', 'no'],
      resultsVisibility: 'after-close',
    };
    await browser.post('/rooms/a/commands', poll);
    await browser.post('/rooms/a/commands', { type: 'set-votes', id: 2, options: [0] });
    const found = JSON.stringify(await find('q=tea'));
    assert.ok(found.includes('"Tea?"') && !found.includes('"count"'), found);
  });

  test('finds answers to a poll only when all users may see them', async (t) => {
    const { url, find, page } = await openWithMessages(t);
    const browser = await signedIn(url, 'Ann');
    const poll = {
      type: 'create-poll',
      kind: 'word-cloud',
      question: 'A word?',
      resultsVisibility: 'after-close',
    };
    await browser.post('/rooms/a/commands', poll);
    await browser.post('/rooms/a/commands', {
      type: 'suggest-option',
      id: 2,
      suggestion: 'sunshine',
    });
    const finds = async () => (await find('q=sunshine')).messages.map(({ id }) => id);
    // Its question is indexed, and the answer counted: what is not found is not hidden by a delay.
    const isCounted = async () => JSON.stringify(await find('q=word')).includes('"voters":1');
    while (!(await isCounted()));
    assert.deepEqual(await finds(), []);
    assert.ok(!(await page('/search?q=sunshine')).includes('?at='));
    await browser.post('/rooms/a/commands', { type: 'close-poll', id: 2 });
    assert.deepEqual(await finds(), [2]);
    await browser.post('/rooms/a/commands', { type: 'reopen-poll', id: 2 });
    assert.deepEqual(await finds(), []);
  });

  test('is rate-limited, and needs the room password', async (t) => {
    const { url } = await openApp(t, { rateLimits: true });
    const browser = await signedIn(url, 'Ann');
    await browser.post('/rooms', { name: 'mine', password: 'tulip' });
    const closed = await fetch(`${url}/rooms/mine/search?q=x`);
    assert.equal(closed.status, 403);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => fetch(`${url}/rooms/lobby/search?q=x`)),
    );
    const held = answers.filter(({ status }) => status === 429);
    assert.ok(held.length >= 5 && held.length <= 10, `${held.length} were held back`);
  });
});

suite('A permalink', () => {
  test('shows the message among those around it', async (t) => {
    const { page, port } = await openWithMessages(t);
    const sender = await join(t, port, '/chat?room=a');
    for (let n = 1; n <= 250; n += 1) sender.post(`message ${n}.`);
    const [, first = ''] = await sender.waitForFrames(251);
    assert.ok(first.includes('id="m-1"'), 'each message has its id');
    for (const path of ['?at=120', '/plain?at=120']) {
      const shown = await page(path);
      for (const n of [70, 120, 170]) assert.ok(shown.includes(`message ${n}.`), `${path} ${n}`);
      for (const n of [69, 171]) assert.ok(!shown.includes(`message ${n}.`), `${path} ${n}`);
    }
    assert.ok((await page('?at=120')).includes('data-at="120" data-has-older data-has-newer'));
    assert.ok(!(await page('?at=240')).includes('data-has-newer'));
    assert.ok((await page('/plain?at=120')).includes('href="/rooms/a/plain?since=170"'));
    assert.ok((await page('/plain?since=170')).includes('message 250.'));
  });

  test('to a message that does not exist, or is in another room, leads to a clear error', async (t) => {
    const { get, port } = await openWithMessages(t, 'hello');
    await post(port, 'b', 'elsewhere');
    for (const path of ['?at=2', '?at=99', '/plain?at=99']) {
      const response = await get(path);
      assert.equal(response.status, 404);
      assert.match(await response.text(), /Message not found/);
    }
    for (const at of ['x', '0', '-1', '1&at=2']) assert.equal((await get(`?at=${at}`)).status, 400);
  });

  test('to a deleted message leads to where it was', async (t) => {
    const { url } = await openApp(t);
    const browser = await signedIn(url, 'Ann');
    await browser.post('/rooms', { name: 'mine' });
    const posted = await browser.post('/rooms/mine/messages', { message: 'secret' });
    const { message } = (await posted.json()) as { message: { id: number } };
    await browser.post('/rooms/mine/commands', { type: 'delete', id: message.id });
    const response = await browser.get(`/rooms/mine?at=${message.id}`);
    const page = await response.text();
    assert.ok(page.includes(`id="m-${message.id}"`) && !page.includes('secret'));
    const search = await browser.get('/rooms/mine/search?q=secret');
    assert.ok((await search.text()).includes('No results.'));
  });
});

test('Newer messages are listed from a message on, the oldest first', async (t) => {
  const { get, page } = await openWithMessages(t, 'one', 'two', 'three', 'four');
  assert.deepEqual(bodies((await page('/messages?since=1&limit=2')).split(/(?<=<\/article>)/)), [
    'two',
    'three',
  ]);
  assert.equal(await page('/messages?since=4'), '');
  assert.equal((await get('/messages?since=x')).status, 400);
  assert.equal((await get('/messages?since=1&limit=101')).status, 400);
});
