import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suiteApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const app = suiteApp();
const HTML = { Accept: 'text/html' };
const JSON_TYPE = { Accept: 'application/json' };

async function openClass() {
  const { port, room } = app.newRoom();
  const ada = await signIn(port, `Ada ${room}`);
  await ada.createRoom(room, { kind: 'class' });
  const ask = (who: TestUser, fields: object) =>
    who.command(room, { type: 'create-poll', ...fields });
  const page = async (query = '') =>
    (await (await createGuest(port)).get(`/rooms/${room}${query}`, HTML)).text();
  return { port, room, ada, ask, page };
}

/** The polls in the views of a page without scripts: the running or last one, and the Q&A. */
function shown(page: string): readonly string[] {
  const views = [...page.matchAll(/<noscript><div class="plain">(.*?)<\/noscript>/gs)];
  return views.map(([, html = '']) => /<h2[^>]*>(.*?)<\/h2>/.exec(html)?.[1] ?? '');
}

suite('The kind of a room', () => {
  test('is chosen when it is created, and changed by moderators with a system message', async () => {
    const { port, room } = app.newRoom();
    const [ada, ben] = await Promise.all([signIn(port, 'Ada'), createGuest(port)]);
    await ada.submit('/rooms', { title: room, kind: 'class' });
    const kindOf = async () => {
      const states = await (await ben.get(`/rooms/${room}/presence`, JSON_TYPE)).json();
      return states.find(({ type }: { type: string }) => type === 'room-state').kind;
    };
    assert.equal(await kindOf(), 'class');
    assert.equal(
      await outcome(ben.command(room, { type: 'set-kind', kind: 'chat' })),
      '403 not-moderator',
    );
    assert.equal(
      await outcome(ada.command(room, { type: 'set-kind', kind: 'quiz' })),
      '400 unknown-action',
    );
    assert.match(await (await ada.get(`/rooms/${room}/settings`, HTML)).text(), /"class" selected/);
    const saved = await ada.submit(`/rooms/${room}/commands`, { type: 'set-kind', kind: 'chat' });
    assert.equal(saved.headers.get('location'), `/rooms/${room}/settings?done=set-kind`);
    assert.equal(await kindOf(), 'chat');
    const plain = await (await ben.get(`/rooms/${room}/plain`, HTML)).text();
    assert.match(plain, /made this a room to chat\./);
    const other = app.newRoom().room;
    await ada.createRoom(other);
    const page = await (await ben.get(`/rooms/${other}?view=now`, HTML)).text();
    assert.match(page, /data-kind="chat" data-view="chat"/);
  });
});

suite('A room for a class, without scripts', () => {
  test('opens on the running poll of a moderator, else on the last one, with the Q&A beside it', async () => {
    const { port, room, ada, ask, page } = await openClass();
    const empty = await page();
    assert.match(empty, /data-kind="class" data-view="now"/);
    assert.match(
      empty,
      /<p id="waiting-for-host" class="waiting"><span class="for-audience">Waiting/,
    );
    assert.match(empty, /<meta http-equiv="refresh"/);
    assert.deepEqual(shown(empty), ['', '']);
    await ask(ada, { question: 'One?', options: ['a', 'b'] });
    await ask(ada, { question: 'Ask!', kind: 'q-and-a' });
    await ada.command(room, { type: 'set-poll-creators', creators: 'everyone' });
    const ben = await createGuest(port);
    await ask(ben, { question: 'Mine?', options: ['a', 'b'] });
    assert.deepEqual(shown(await page()), ['Mine?', 'Ask!']);
    await ada.command(room, { type: 'set-poll-creators', creators: 'moderators' });
    const running = await page();
    assert.deepEqual(shown(running), ['One?', 'Ask!']);
    assert.match(running, /<p id="waiting-for-host" class="waiting" hidden>/);
    const { polls } = await (await ben.get(`/rooms/${room}/now`, JSON_TYPE)).json();
    assert.deepEqual(
      polls.map(({ question }: { question: string }) => question),
      ['One?', 'Ask!'],
    );
    await ada.command(room, { type: 'close-poll', id: polls[0].id });
    const closed = await page('?view=questions');
    assert.match(closed, /data-view="questions"/);
    assert.doesNotMatch(closed, /http-equiv="refresh"/);
    assert.match(closed, /<p id="waiting-for-host" class="waiting">/);
    assert.deepEqual(shown(closed), ['One?', 'Ask!'], 'the results stay');
    await ada.command(room, { type: 'delete', id: polls[0].id });
    assert.deepEqual(shown(await page()), ['', 'Ask!']);
    await ada.command(room, { type: 'clear-history' });
    assert.deepEqual(shown(await page()), ['', '']);
  });

  test('does not reload while a word is written, and comes back to the view of a form', async () => {
    const { port, room, ada, ask, page } = await openClass();
    await ask(ada, { question: 'A word?', kind: 'word-cloud' });
    assert.doesNotMatch(await page(), /http-equiv="refresh"/);
    const ben = await createGuest(port);
    const vote = (referer: string) =>
      fetch(`${app.url}/rooms/${room}/commands`, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...ben.headers, ...HTML, Referer: app.url + referer },
        body: new URLSearchParams({ type: 'send-reactions', emoji: '👏' }),
      });
    const back = async (referer: string) => (await vote(referer)).headers.get('location');
    assert.equal(await back(`/rooms/${room}?view=questions`), `/rooms/${room}?view=questions`);
    assert.equal(await back(`/rooms/${room}?view=//evil.example`), `/rooms/${room}`);
    assert.equal(await back(`/rooms/${room}`), `/rooms/${room}`);
    const messages = await page(`?view=chat`);
    assert.match(messages, /data-view="chat"/);
    const rejected = await ben.submit(`/rooms/${room}/messages`, { message: '' });
    assert.match(await rejected.text(), /data-view="chat"/, 'where the text and the error are');
  });
});
