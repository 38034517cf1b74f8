import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Client, join } from '../../support/client.ts';
import { transports } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';

const JSON_TYPE = { Accept: 'application/json', 'Content-Type': 'application/json' };

interface PollShown {
  readonly id: number;
  readonly seq: number;
  readonly voters: number;
  readonly isOpen: boolean;
  readonly options: readonly { readonly text: string; readonly count?: number }[];
}

async function enter(t: TestContext, port: number, protocols = ['json']): Promise<Client> {
  const client = await join(t, port, '/rooms/x/live', { protocols });
  await client.until((frames) => frames.some((frame) => /"synced"/.test(frame)));
  return client;
}

/** Creates a poll, and returns its id. */
async function createPoll(client: Client, more: object = {}): Promise<number> {
  client.send(
    JSON.stringify({ type: 'create-poll', question: 'Which?', options: ['a', 'b'], ...more }),
  );
  const [poll] = await polls(client, ({ length }) => length > 0);
  return poll?.id ?? 0;
}

/** The states of polls that a client received, once there are enough. */
async function polls(
  client: Client,
  isEnough: (all: readonly PollShown[]) => boolean,
): Promise<readonly PollShown[]> {
  const read = (frames: readonly string[]): PollShown[] =>
    frames.filter((frame) => frame.startsWith('{"type":"poll"')).map((frame) => JSON.parse(frame));
  return read(await client.until((frames) => isEnough(read(frames))));
}

const counts = ({ options }: PollShown) => options.map(({ count }) => count);

function vote(client: Client, id: number, ...option: readonly number[]): void {
  client.send(JSON.stringify({ type: 'set-votes', id, options: option }));
}

suite('A poll', () => {
  test('is created by a command or by a message, and counted for all', async (t) => {
    const { port } = await openApp(t);
    const [author, other] = [await enter(t, port), await enter(t, port)];
    author.post('/poll “红还是蓝？” 红 | 蓝 | 绿');
    const [created] = await polls(other, ({ length }) => length > 0);
    assert.deepEqual(created && counts(created), [0, 0, 0]);
    vote(other, created?.id ?? 0, 1);
    const all = await polls(author, (shown) => shown.at(-1)?.voters === 1);
    assert.deepEqual(all.map(counts).at(-1), [0, 1, 0]);
    author.post('/poll what?');
    await author.until((frames) => frames.some((frame) => frame.includes('invalid-poll-command')));
  });

  test('counts each user once, whatever arrives at the same time over any transport', async (t) => {
    const { port, url } = await openApp(t);
    const author = await enter(t, port);
    const id = await createPoll(author);
    const voters = await Promise.all(Array.from({ length: 20 }, () => enter(t, port)));
    for (const voter of voters) {
      vote(voter, id, 0);
      vote(voter, id, 1);
      vote(voter, id, 0);
    }
    await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`${url}/rooms/x/commands`, {
          method: 'POST',
          headers: JSON_TYPE,
          body: JSON.stringify({ type: 'set-votes', id, options: 1 }),
        }),
      ),
    );
    const all = await polls(author, (shown) => shown.at(-1)?.voters === 40);
    assert.deepEqual(all.map(counts).at(-1), [20, 20]);
    assert.ok(all.length < 40, `${all.length} updates, not one for each vote`);
  });

  test('sends a vote to its voter, on all devices, and to no other user', async (t) => {
    const { port, url } = await openApp(t);
    const signedIn = await fetch(`${url}/session`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ name: 'Ada' }),
    });
    const headers = { Cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    const options = { protocols: ['json'], headers };
    const [one, two] = [
      await join(t, port, '/rooms/x/live', options),
      await join(t, port, '/rooms/x/live', options),
    ];
    const other = await enter(t, port);
    const id = await createPoll(other);
    vote(one, id, 1);
    const ownVote = `{"type":"vote","poll":${id},"options":[1]}`;
    await Promise.all([one, two].map((c) => c.until((frames) => frames.includes(ownVote))));
    await polls(other, (shown) => shown.at(-1)?.voters === 1);
    assert.ok(!other.frames.includes(ownVote));
    const votes = await fetch(`${url}/rooms/x/votes`, { headers: { ...headers, ...JSON_TYPE } });
    assert.deepEqual(await votes.json(), [{ type: 'vote', poll: id, options: [1] }]);
    vote(one, id, 1);
    await one.until((frames) => frames.filter((frame) => frame === ownVote).length === 2);
  });

  test('is rejected with a text, and nothing changes', async (t) => {
    const { port } = await openApp(t);
    const author = await enter(t, port);
    for (const [command, code] of [
      [{ type: 'create-poll', question: '', options: ['a', 'b'] }, 'invalid-question'],
      [{ type: 'create-poll', question: 'x'.repeat(301), options: ['a', 'b'] }, 'invalid-question'],
      [{ type: 'create-poll', question: 'x', options: ['a'] }, 'invalid-options'],
      [{ type: 'create-poll', question: 'x', options: ['a', ' A\u200b '] }, 'duplicate-options'],
      [{ type: 'create-poll', question: '\u200b', options: ['a', 'b'] }, 'invalid-question'],
      [
        { type: 'create-poll', question: 'x', options: ['\u200b', '\u2800', 'a'] },
        'invalid-options',
      ],
      [
        {
          type: 'create-poll',
          question: 'x',
          options: Array(21)
            .fill('a')
            .map((a, n) => a + n),
        },
        'invalid-options',
      ],
      [{ type: 'set-votes', id: 99, options: 0 }, 'no-such-poll'],
      [{ type: 'set-votes', id: 1, options: -1 }, 'no-such-option'],
      [{ type: 'set-votes', id: 1, options: 'all' }, 'no-such-option'],
      [{ type: 'close-poll', id: 99 }, 'no-such-poll'],
    ] as const) {
      author.send(JSON.stringify(command));
      await author.until((frames) => frames.at(-1)?.includes(`"${code}"`) ?? false);
    }
    assert.ok(!author.frames.some((frame) => frame.startsWith('{"type":"poll"')));
  });

  test('is closed by the server’s clock, for all', async (t) => {
    const { port } = await openApp(t);
    const author = await enter(t, port);
    const id = await createPoll(author, { minutes: 1 });
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 });
    vote(author, id, 0);
    await author.until((frames) => frames.some((frame) => frame.includes('"poll-closed"')));
  });

  test('is sent with the history, in its order, in its current state', async (t) => {
    const { port } = await openApp(t);
    const author = await enter(t, port);
    const id = await createPoll(author);
    author.post('after it');
    vote(author, id, 0);
    await polls(author, (shown) => shown.at(-1)?.voters === 1);
    const html = await enter(t, port, ['html']);
    const page = html.frames.join('');
    assert.match(page, /id="m-1".*data-count="1"/s);
    const old = await join(t, port, '/chat?room=x');
    await old.until((frames) => frames.some((frame) => frame.includes('after it')));
  });
});

suite('What users suggest in a poll', () => {
  test('is one line, by a command or a message, sent to users who may see it', async (t) => {
    const { port, url } = await openApp(t);
    const author = await enter(t, port);
    const other = await enter(t, port, ['html']);
    const id = await createPoll(author, {
      kind: 'word-cloud',
      options: [],
      resultsVisibility: 'after-close',
      maxChoices: 3,
    });
    for (const [text, kind] of [
      ['/words "A word?"', 'word-cloud'],
      ['/questions "What?"', 'q-and-a'],
      ['/rate "How?"', 'rating'],
    ] as const) {
      author.post(text);
      await author.until((frames) => frames.some((frame) => frame.includes(`"kind":"${kind}"`)));
    }
    for (const [suggestion, code] of [
      ['two\u0000lines', 'missing-answer'],
      [' \u200b ', 'missing-answer'],
      ['x'.repeat(41), 'suggestion-too-long'],
      [7, 'missing-answer'],
    ] as const) {
      author.send(JSON.stringify({ type: 'suggest-option', id, suggestion }));
      await author.until((frames) => frames.at(-1)?.includes(`"${code}"`) ?? false);
    }
    author.send(JSON.stringify({ type: 'suggest-option', id, suggestion: ' hidden\nword ' }));
    const ownVote = JSON.stringify({ type: 'vote', poll: id, options: [], texts: ['hidden word'] });
    await author.until((frames) => frames.includes(ownVote));
    await polls(author, (shown) => shown.some(({ voters }) => voters === 1));
    const bytes = [...other.frames];
    for (const path of [
      '',
      '/messages',
      '/plain',
      '/votes',
      `/polls/${id}.csv`,
      '/search?q=hidden',
    ]) {
      for (const Accept of ['text/html', 'application/json']) {
        bytes.push(await (await fetch(`${url}/rooms/x${path}`, { headers: { Accept } })).text());
      }
    }
    assert.doesNotMatch(bytes.join(''), /hidden word/);
    author.send(JSON.stringify({ type: 'close-poll', id }));
    await other.until((frames) => frames.some((frame) => frame.includes('hidden word')));
  });

  test("can't be found by its number before it is shown, whichever numbers are tried", async (t) => {
    const { port, url } = await openApp(t);
    const author = await enter(t, port);
    const id = await createPoll(author, {
      kind: 'word-cloud',
      options: [],
      resultsVisibility: 'after-close',
    });
    author.send(JSON.stringify({ type: 'suggest-option', id, suggestion: 'hidden' }));
    await polls(author, (shown) => shown.some(({ voters }) => voters === 1));
    const signedIn = await fetch(`${url}/session`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ name: 'Eve' }),
    });
    const Cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const answers = new Set<string>();
    for (const command of [0, 1, 2].flatMap((option) => [
      { type: 'toggle-vote', id, option },
      { type: 'toggle-vote', id, option, enabled: false },
      { type: 'set-votes', id, options: [option] },
    ])) {
      const response = await fetch(`${url}/rooms/x/commands`, {
        method: 'POST',
        headers: { ...JSON_TYPE, Cookie },
        body: JSON.stringify(command),
      });
      answers.add(`${response.status} ${await response.text()}`);
    }
    assert.equal(answers.size, 1);
    assert.match([...answers][0] ?? '', /^403 .*"results-hidden"/);
    const votes = await fetch(`${url}/rooms/x/votes`, { headers: { ...JSON_TYPE, Cookie } });
    assert.equal(await votes.text(), '[]');
  });

  test('can be suggested by a form without scripts, too', async (t) => {
    const { port, url } = await openApp(t);
    const author = await enter(t, port);
    const id = await createPoll(author, { kind: 'q-and-a' });
    for (const body of [
      `type=suggest-option&id=${id}&suggestion=Why%3F`,
      `type=suggest-option&id=${id}&suggestion=When%3F`,
      `type=toggle-vote&id=${id}&option=0`,
    ]) {
      const { status } = await fetch(`${url}/rooms/x/commands`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' },
        body,
        redirect: 'manual',
      });
      assert.equal(status, 303);
    }
    const all = await polls(author, (shown) => shown.at(-1)?.voters === 3);
    assert.deepEqual(all.map(counts).at(-1), [2, 1]);
  });
});

suite('Results that are hidden', () => {
  test('are sent to users who voted before a restart, and to no others', async (t) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data });
    const author = await enter(t, first.port);
    const id = await createPoll(author, { resultsVisibility: 'after-vote' });
    const signedIn = await fetch(`${first.url}/session`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ name: 'Ada' }),
    });
    const headers = { Cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    const as = { protocols: ['json'], headers };
    vote(await join(t, first.port, '/rooms/x/live', as), id, 0);
    await polls(author, (shown) => shown.at(-1)?.voters === 1);
    await first.close();
    const { port } = await openApp(t, { data });
    const ada = await join(t, port, '/rooms/x/live', as);
    const other = await enter(t, port);
    await ada.until((frames) => frames.some((frame) => /"synced"/.test(frame)));
    // Each vote is counted, and users who may see the counts receive them.
    for (let n = 0; !ada.frames.some((frame) => frame.includes('"results"')); n += 1) {
      vote(await enter(t, port), id, 1);
      await polls(other, (shown) => shown.at(-1)?.voters === n + 2);
    }
    assert.ok(!other.frames.some((frame) => frame.includes('"results"')));
  });

  for (const resultsVisibility of ['after-vote', 'after-close'] as const) {
    test(`are in no byte for users who may not see them: ${resultsVisibility}`, async (t) => {
      const { port, url } = await openApp(t);
      const author = await enter(t, port);
      const other = await enter(t, port, ['html']);
      const id = await createPoll(author, {
        resultsVisibility,
        options: ['a', 'b', 'c'],
        showVoters: true,
      });
      const listeners = await Promise.all(
        transports.map((transport) => transport.listen(t, port, 'x')),
      );
      for (let n = 0; n < 7; n += 1) vote(await enter(t, port), id, 1);
      vote(author, id, 2);
      await polls(author, (shown) => shown.at(-1)?.voters === 8);
      await Promise.all(listeners.map((listener) => listener.untilLive()));
      const bytes = [...other.frames];
      for (const path of [
        '',
        '/messages',
        '/messages?before=99',
        '/plain',
        '/votes',
        '/presence',
      ]) {
        for (const Accept of ['text/html', 'application/json']) {
          bytes.push(await (await fetch(`${url}/rooms/x${path}`, { headers: { Accept } })).text());
        }
      }
      for (const text of bytes) {
        assert.doesNotMatch(text, /<tr [^>]*data-count|data-total|<meter|"text":"[abc]","count"/);
      }
      const results = author.frames.filter((frame) => frame.startsWith('{"type":"results"'));
      assert.equal(
        results.length > 0,
        resultsVisibility === 'after-vote',
        'users who voted see them only after-vote',
      );
      if (resultsVisibility === 'after-vote') assert.match(results.at(-1) ?? '', /"count":7/);

      author.send(JSON.stringify({ type: 'close-poll', id }));
      const closed = await polls(author, (shown) => shown.at(-1)?.isOpen === false);
      assert.deepEqual(closed.map(counts).at(-1), [0, 7, 1]);
      await other.until((frames) => frames.some((frame) => frame.includes('data-count="7"')));
    });
  }
});
