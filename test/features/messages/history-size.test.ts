import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { bodies, join } from '../../support/client.ts';
import { openApp, suiteApp } from '../../support/server.ts';
import { createGuest } from '../../support/test-user.ts';

const KIB = 1024;
/** What the messages of a page have at most, and what stands around them. */
const MAX_MESSAGES = 256 * KIB;
const AROUND = 64 * KIB;
const MESSAGES = 120;
/** As markup six times as long, as JSON twice. */
const LONG = '"'.repeat(3_990);
const accept = { html: 'text/html', json: 'application/json' } as const;

/** Posts so many messages in the lobby. */
async function fill(t: TestContext, port: number, text: string, count: number) {
  const speaker = await join(t, port, '/chat');
  for (let n = 1; n <= count; n += 1) speaker.post(`${n} ${text}`);
  await speaker.until((frames) => bodies(frames).length >= count);
}

function getOn(port: number) {
  return (path: string, type: 'html' | 'json' = 'html') =>
    fetch(`http://127.0.0.1:${port}/rooms/lobby${path}`, { headers: { Accept: accept[type] } });
}

/** A server whose lobby has these messages. */
async function openFilled(t: TestContext, text: string, count: number) {
  const { port } = await openApp(t);
  await fill(t, port, text, count);
  return { port, get: getOn(port) };
}

async function bytesOf(response: Response): Promise<number> {
  assert.equal(response.status, 200);
  return (await response.arrayBuffer()).byteLength;
}

suite('A page of messages is bounded in bytes', () => {
  const app = suiteApp();
  let filled: Promise<void> | undefined;
  /** A room with more than fits on a page: the same for all that only read it. */
  const openLongRoom = async (t: TestContext) => {
    filled ??= fill(t, app.port, LONG, MESSAGES);
    await filled;
    return { get: getOn(app.port) };
  };

  for (const type of ['html', 'json'] as const) {
    for (const [rel, start] of [
      ['prev', `before=${MESSAGES + 1}`],
      ['next', 'since=0'],
    ] as const) {
      test(`as ${type} by rel="${rel}", and leads to all others, each once`, async (t) => {
        const { get } = await openLongRoom(t);
        const pages: number[][] = [];
        for (let query: string | undefined = `?${start}&limit=100`; query; ) {
          const response = await get(`/messages${query}`, type);
          const text = await response.text();
          assert.ok(Buffer.byteLength(text) <= MAX_MESSAGES + KIB, `${Buffer.byteLength(text)}`);
          const ids = [...text.matchAll(/id="m-(\d+)"|"id":(\d+)/g)].map(([, a, b]) =>
            Number(a ?? b),
          );
          pages.push(ids);
          const links = response.headers.get('link') ?? '';
          query = new RegExp(`<([^>]+)>; rel="${rel}"`).exec(links)?.[1];
        }
        assert.ok(pages.length > 3, `${pages.length} pages`);
        const all = rel === 'prev' ? pages.toReversed().flat() : pages.flat();
        assert.deepEqual(
          all,
          Array.from({ length: MESSAGES }, (_, n) => n + 1),
        );
      });
    }
  }

  test('and links to no page where there are no more messages', async (t) => {
    const { get } = await openFilled(t, 'short', 3);
    for (const [query, links] of [
      ['before=4&limit=3', null],
      ['before=3&limit=3', '<?since=2&limit=3>; rel="next"'],
      ['before=4&limit=2', '<?before=2&limit=2>; rel="prev"'],
      ['since=0&limit=3', null],
      ['since=1&limit=1', '<?before=2&limit=1>; rel="prev", <?since=2&limit=1>; rel="next"'],
      ['since=3&limit=3', null],
    ] as const) {
      const response = await get(`/messages?${query}`);
      assert.equal(response.headers.get('link'), links, query);
    }
  });

  for (const path of [
    '',
    '?at=60',
    '/plain',
    '/plain?before=90',
    '/plain?since=9',
    '/plain?at=60',
  ]) {
    test(`at ${path || 'the room'}`, async (t) => {
      const { get } = await openLongRoom(t);
      const bytes = await bytesOf(await get(path));
      assert.ok(bytes > MAX_MESSAGES / 2 && bytes <= MAX_MESSAGES + AROUND, `${bytes} bytes`);
    });
  }

  for (const type of ['html', 'json'] as const) {
    test(`for a poll without a cursor, as ${type}`, async (t) => {
      const { get } = await openLongRoom(t);
      const bytes = await bytesOf(await get('/messages', type));
      assert.ok(bytes > MAX_MESSAGES / 2 && bytes <= MAX_MESSAGES + KIB, `${bytes} bytes`);
    });
  }

  test('where something is searched for, and links to all results, each once', async (t) => {
    const { get } = await openFilled(t, `word ${'🌀'.repeat(3_900)}`, 25);
    const found: number[] = [];
    let pages = 0;
    for (let before: number | null = 1_000; before !== null; pages += 1) {
      const response = await get(`/search?q=word&before=${before}`, 'json');
      const text = await response.text();
      assert.ok(Buffer.byteLength(text) <= MAX_MESSAGES + KIB);
      const answer = JSON.parse(text) as { messages: { id: number }[]; before: number | null };
      found.push(...answer.messages.map(({ id }) => id));
      ({ before } = answer);
    }
    assert.ok(pages >= 2);
    assert.deepEqual(
      found,
      Array.from({ length: 25 }, (_, n) => 25 - n),
    );
  });

  test('for a projector, and for the user’s own votes', async (t) => {
    const { port, get } = await openFilled(t, LONG, 30);
    const ann = await createGuest(port);
    const options = Array.from({ length: 20 }, (_, n) => '"'.repeat(97) + n);
    const polls = Array.from({ length: 40 }, async (_, n) => {
      await ann.command('lobby', {
        type: 'create-poll',
        question: `${n}`,
        options,
        resultsVisibility: 'after-vote',
      });
      const id = 31 + n;
      return ann.command('lobby', { type: 'set-votes', id, options: [0] });
    });
    await Promise.all(polls);
    const present = await bytesOf(await get('/present'));
    assert.ok(present <= MAX_MESSAGES + 128 * KIB + AROUND, `${present} bytes`);
    for (const Accept of Object.values(accept)) {
      const votes = await bytesOf(await ann.get('/rooms/lobby/votes', { Accept }));
      assert.ok(votes > 1_000 && votes <= MAX_MESSAGES + KIB, `${votes} bytes`);
    }
  });
});
