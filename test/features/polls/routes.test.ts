import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { openApp } from '../../support/server.ts';

/** A server with a poll of three options, and requests to it. */
async function openPoll(t: TestContext, more: object = {}) {
  const { url } = await openApp(t);
  const command = (body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}/rooms/x/commands`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}/rooms/x/polls/${path}`, { headers });
  const author = { Cookie: await cookieOf(fetch(`${url}/rooms/x/commands`, creation(more))) };
  /** Votes as a new guest, and returns their cookie. */
  const vote = async (...option: readonly number[]) =>
    cookieOf(command({ type: 'set-votes', id: 1, options: option }));
  const poll = async () => {
    const headers = { Accept: 'application/json' };
    return (await (await fetch(`${url}/rooms/x/messages`, { headers })).json()).messages[0];
  };
  /** Waits until so many have been counted. */
  const counted = async (voters: number) => {
    while ((await poll()).voters !== voters);
  };
  /** Waits until these are the counts. */
  const shows = async (...counts: readonly number[]) => {
    const options = async () => (await poll()).options.map(({ count }: { count: number }) => count);
    while (`${await options()}` !== `${counts}`);
  };
  return { url, command, get, vote, counted, shows, author };
}

function creation(more: object) {
  const poll = { type: 'create-poll', question: '=1+1?', options: ['"two"', '-3', '三'], ...more };
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(poll),
  };
}

async function cookieOf(response: Promise<Response>): Promise<string> {
  return (await response).headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

suite('The counts of a poll as a file', () => {
  test('are what was counted, and harmless in a spreadsheet', async (t) => {
    const { get, vote, counted } = await openPoll(t);
    for (const option of [0, 2, 2]) await vote(option);
    await counted(3);
    const csv = await get('1.csv');
    assert.match(csv.headers.get('content-disposition') ?? '', /attachment; filename="poll-1.csv"/);
    // `text()` takes the mark at the beginning away.
    assert.equal(await csv.text(), `"'=1+1?",""\r\n"""two""","1"\r\n"'-3","0"\r\n"三","2"\r\n`);
    const svg = await (await get('1.svg')).text();
    assert.match(svg, /<rect x="240" [^>]*width="360" [^>]*\/>\s*<text [^>]*>2 <[^>]*>\(67%\)</);
    assert.match(svg, />&#34;two&#34;</);
    assert.match(svg, />Σ 3</);
    assert.deepEqual(await (await get('1.json')).json(), {
      room: 'x',
      question: '=1+1?',
      voters: 3,
      options: [
        { text: '"two"', count: 1 },
        { text: '-3', count: 0 },
        { text: '三', count: 2 },
      ],
    });
  });

  test('are an image in which the whole text is visible, whatever the question is', async (t) => {
    const question = 'W'.repeat(100) + '哪一个比较好吃'.repeat(10);
    const options = ['<b>&"\u0001\ufffe', '苹果'.repeat(50), 'a long answer '.repeat(7).trim()];
    const { get } = await openPoll(t, { question, options });
    const svg = await (await get('1.svg')).text();
    const [, height] = /viewBox="0 0 720 (\d+)"/.exec(svg) ?? [];
    const texts = [...svg.matchAll(/<text [^>]*y="(\d+)"[^>]*>([^<]*)</g)];
    const shown = texts.map(([, , text]) => text).join('');
    for (const whole of [question, options[1] ?? '']) assert.ok(shown.includes(whole));
    assert.ok(shown.replaceAll(' ', '').includes('alonganswer'.repeat(7)));
    assert.ok(shown.includes('&lt;b&gt;&amp;&#34;\ufffd\ufffd'));
    for (const [, y] of texts) assert.ok(Number(y) < Number(height));
    for (const [, , text = ''] of texts) assert.ok(text.length <= 60, text);
  });

  test('show how the votes arrived, changes and withdrawals included', async (t) => {
    const { command, get, vote, shows } = await openPoll(t, { showVoters: true });
    const cookie = await vote(0);
    await shows(1, 0, 0);
    await vote(1);
    await shows(1, 1, 0);
    for (const [option, ...counts] of [
      [1, 0, 2, 0],
      [[], 0, 1, 0],
    ] as const) {
      await command({ type: 'set-votes', id: 1, options: option }, { Cookie: cookie });
      await shows(...counts);
    }
    const { options, points } = await (await get('1/history')).json();
    assert.deepEqual(options, ['"two"', '-3', '三']);
    assert.deepEqual(
      points.map(({ counts }: { counts: readonly number[] }) => counts),
      [
        [0, 0, 0],
        [1, 0, 0],
        [1, 1, 0],
        [0, 2, 0],
        [0, 1, 0],
      ],
    );
  });

  test('are rate-limited by address', async (t) => {
    const { url } = await openApp(t, { rateLimits: true });
    const get = async () => (await fetch(`${url}/rooms/x/polls/1/history`)).status;
    assert.equal(await get(), 404);
    let answers: readonly number[] = [];
    // More requests than the limit allows again meanwhile, on a slow machine too.
    for (let n = 0; n < 5 && !answers.includes(429); n += 1) {
      answers = await Promise.all(Array.from({ length: 300 }, get));
    }
    assert.ok(answers.includes(429));
  });

  test('are served before the results are shown only to users who may see them', async (t) => {
    const { get, vote, command, author, counted } = await openPoll(t, {
      resultsVisibility: 'after-vote',
    });
    const cookie = await vote(0);
    await counted(1);
    for (const path of ['1.csv', '1.svg', '1.json', '1/history']) {
      assert.equal((await get(path)).status, 403);
      assert.equal((await get(path, { Cookie: cookie })).status, 200);
    }
    await command({ type: 'close-poll', id: 1 }, author);
    assert.equal((await get('1.csv')).status, 200);
    for (const path of ['2.csv', '2/history']) assert.equal((await get(path)).status, 404);
    assert.equal((await get('x.csv')).status, 400);
  });
});

suite('A poll without scripts', () => {
  test('is created, voted in and closed by forms', async (t) => {
    const { url } = await openApp(t);
    let cookie = '';
    const send = async (fields: Readonly<Record<string, string>>) => {
      const response = await fetch(`${url}/rooms/x/commands`, {
        method: 'POST',
        redirect: 'manual',
        headers: { Accept: 'text/html', Cookie: cookie },
        body: new URLSearchParams(fields),
      });
      cookie ||= response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      assert.equal(response.status, 303);
      assert.equal(response.headers.get('location'), '/rooms/x');
    };
    const options = 'a\r\nb\r\n\r\nc';
    await send({
      type: 'create-poll',
      question: 'Which?',
      options,
      maxChoices: '2',
      resultsVisibility: 'always',
      minutes: '',
    });
    const many = new URLSearchParams({ type: 'set-votes', id: '1', options: '0' });
    many.append('options', '2');
    await fetch(`${url}/rooms/x/commands`, { method: 'POST', body: many });
    await send({ type: 'set-votes', id: '1', options: '2' });
    await send({ type: 'close-poll', id: '1' });
    const page = await (await fetch(`${url}/rooms/x/plain`)).text();
    const counts = [...page.matchAll(/data-count="(\d+)"/g)].map(([, count]) => count);
    assert.deepEqual(counts, ['1', '0', '2']);
    assert.match(page, /data-open="false"/);
  });
});
