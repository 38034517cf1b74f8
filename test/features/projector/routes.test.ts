import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const ROOM = '/rooms/class';
const PRESENT = `${ROOM}/present`;

/** A room that Ada owns. */
async function openRoom(t: TestContext) {
  const { port } = await openApp(t);
  const ada = await signIn(port, 'Ada');
  assert.equal((await ada.createRoom('class', { topic: 'Fish' })).status, 201);
  return { port, ada };
}

async function createPoll(guest: TestUser, question: string, more: object = {}): Promise<number> {
  await guest.command('class', {
    type: 'create-poll',
    question,
    options: ['Red', 'Blue'],
    ...more,
  });
  return lastId(guest);
}

async function lastId(guest: TestUser): Promise<number> {
  const response = await guest.get(`${ROOM}/messages`, { Accept: 'application/json' });
  return (await response.json()).messages.at(-1).id;
}

async function page(guest: TestUser, language = 'en'): Promise<string> {
  const response = await guest.get(PRESENT, { Accept: 'text/html', 'Accept-Language': language });
  assert.equal(response.status, 200);
  return response.text();
}

/** The content of the element with this id. */
function inside(html: string, id: string): string {
  return html.split(`id="${id}"`)[1]?.split(/<\/div>\s*<\/section>|<p id="spoken"/)[0] ?? '';
}

/** Waits until so many have been counted. */
async function counted(guest: TestUser, id: number, voters: number): Promise<void> {
  for (;;) {
    const response = await guest.get(`${ROOM}/messages?before=${id + 1}&limit=1`, {
      Accept: 'application/json',
    });
    if ((await response.json()).messages[0].voters === voters) return;
  }
}

suite('The projector page', () => {
  test('has the polls, however old, the messages, and the address of the room', async (t) => {
    const { port, ada } = await openRoom(t);
    await createPoll(ada, 'The first?');
    for (let n = 1; n <= 101; n += 1) await ada.postMessage('class', `message ${n}`);
    await createPoll(ada, '最后？');
    const guest = await createGuest(port);
    const html = await page(guest);
    const stage = inside(html, 'messages');
    assert.ok(stage.indexOf('The first?') < stage.indexOf('最后？'), 'the oldest first');
    assert.match(stage, /The first\?/);
    assert.equal([...stage.matchAll(/<article /g)].length, 2);
    const latest = [...inside(html, 'latest').matchAll(/message (\d+)</g)].map(([, n]) => n);
    assert.deepEqual([latest.length, latest.at(-1)], [20, '101']);
    assert.equal([...html.matchAll(/class="address"[^>]*>\/j\/\d+</g)].length, 2);
    assert.match(html, /<noscript><meta http-equiv="refresh"/);
    assert.match(html, /Blank screen/);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(ids, [...new Set(ids)], 'nothing is there twice');
    assert.match(await page(guest, 'zh'), /<html lang="zh"[ >].*黑屏/s);
  });

  test('has the pinned messages, however old, each once', async (t) => {
    const { ada } = await openRoom(t);
    await ada.postMessage('class', 'the rules');
    const rules = await lastId(ada);
    for (let n = 1; n <= 101; n += 1) await ada.postMessage('class', `message ${n}`);
    const last = await lastId(ada);
    const poll = await createPoll(ada, 'Which?');
    for (const id of [rules, last, poll]) {
      assert.equal(await outcome(ada.command('class', { type: 'pin', id })), '200');
    }
    const html = await page(ada);
    const pinned = inside(html, 'pinned');
    assert.match(pinned, /the rules.*message 101</s);
    for (const id of [rules, last, poll]) assert.equal(html.split(`id="m-${id}"`).length, 2);
    await ada.command('class', { type: 'delete', id: rules });
    assert.doesNotMatch(await page(ada), /the rules/);
  });

  for (const resultsVisibility of ['after-close', 'after-vote']) {
    test(`has no count that is still hidden: ${resultsVisibility}`, async (t) => {
      const { port, ada } = await openRoom(t);
      const id = await createPoll(ada, 'Which?', { resultsVisibility, showVoters: true });
      const ben = await signIn(port, 'Ben');
      for (const guest of [ada, ben])
        await guest.command('class', { type: 'set-votes', id, options: 1 });
      await counted(ada, id, 2);
      // The page is the same for the creator and for voters: others see it on the projector.
      for (const guest of [ada, ben, await createGuest(port)]) {
        const stage = inside(await page(guest), 'messages');
        assert.match(stage, /data-voters="2"/);
        assert.doesNotMatch(stage, /data-count|data-total|class="count"|<meter|%|Ben/);
      }
      await ada.command('class', { type: 'reveal-poll', id });
      assert.match(inside(await page(ben), 'messages'), /data-count="2".*100%.*Ben/s);
    });
  }

  test('needs access to the room', async (t) => {
    const { port, ada } = await openRoom(t);
    await createPoll(ada, 'The secret?');
    await ada.command('class', { type: 'set-password', password: 'sesame' });
    const guest = await createGuest(port);
    const answer = await guest.get(PRESENT, { Accept: 'text/html' });
    assert.equal(answer.status, 403);
    const text = await answer.text();
    assert.match(text, /action="\/rooms\/class\/password"/);
    assert.doesNotMatch(text, /The secret/);
    const knowing = `Basic ${Buffer.from('sesame:').toString('base64')}`;
    assert.equal((await guest.get(PRESENT, { Authorization: knowing })).status, 200);
    const away = await guest.get('/rooms/a.b/present');
    assert.equal(away.status, 404);
  });

  test('needs access to the server', async (t) => {
    const { url } = await openApp(t, { serverPassword: 'sesame' });
    assert.equal((await fetch(url + PRESENT)).status, 401);
  });
});
