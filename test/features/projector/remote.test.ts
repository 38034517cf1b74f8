import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suiteApp } from '../../support/server.ts';
import { createGuest, signIn, type TestUser } from '../../support/test-user.ts';

const app = suiteApp();

async function openRoom() {
  const { port, room } = app.newRoom();
  const ada = await signIn(port, `Ada ${room}`);
  const ben = await createGuest(port);
  assert.equal((await ada.createRoom(room)).status, 201);
  const path = `/rooms/${room}/remote`;
  const read = async (user: TestUser, language = 'en') => {
    const headers = { Accept: 'text/html', 'Accept-Language': language };
    const response = await user.get(path, headers);
    return { status: response.status, html: await response.text() };
  };
  const ask = async (question: string, more: object = {}): Promise<number> => {
    const poll = { type: 'create-poll', question, options: ['Red', 'Blue'], ...more };
    assert.equal((await ada.command(room, poll)).status, 200);
    const response = await ada.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
    return (await response.json()).messages.at(-1).id;
  };
  /** Sends a form of the page, as a browser without scripts does. */
  const press = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const response = await ada.submit(`/rooms/${room}/commands`, { ...fields, back: 'remote' });
    assert.equal(response.headers.get('location'), path);
    return (await read(ada)).html;
  };
  return { room, ada, ben, read, ask, press };
}

/** The question on the stage, as the remote says. */
const shown = (html: string) => /<h2 id="now-is"[^>]*>([^<]*)</.exec(html)?.[1];

suite('The remote', () => {
  test('is for the owner and moderators alone', async () => {
    const { ada, ben, read } = await openRoom();
    assert.equal((await read(ben)).status, 403);
    const { status, html } = await read(ada);
    assert.equal(status, 200);
    assert.equal(shown(html), 'No poll yet. The projector shows how to join.');
    assert.match((await read(ada, 'zh')).html, /<html lang="zh".*还没有投票/s);
  });

  test('approves what an audience suggests, in a poll that only moderators can create', async () => {
    const { room, ben, ada, ask, press, read } = await openRoom();
    const spec = { kind: 'q-and-a', options: [], needsApproval: true };
    const id = await ask('Questions?', spec);
    for (const suggestion of ['Why?', 'Rude!'])
      await ben.command(room, { type: 'suggest-option', id, suggestion });
    // They are counted a few times a second.
    let html = '';
    while (!html.includes('2 to review')) ({ html } = await read(ada));
    assert.match(html, /2 to review.*Questions\?.*Why\?.*Rude!/s);
    const moderated = { type: 'moderate-option', id: `${id}` };
    await press({ ...moderated, option: '1', state: 'removed' });
    const page = await press({ ...moderated, option: '0', state: 'open' });
    assert.doesNotMatch(page, /to review|Rude!/);
    const shown = await (await ben.get(`/rooms/${room}/now`, { Accept: 'text/html' })).text();
    assert.match(shown, /Why\?/);
    const form = async (user: TestUser) =>
      (await user.get(`/rooms/${room}/new-poll`, { Accept: 'text/html' })).text();
    assert.match(await form(ada), /name="needsApproval"/);
    await ada.command(room, { type: 'set-poll-creators', creators: 'everyone' });
    assert.doesNotMatch(await form(ben), /name="needsApproval"/);
    const refused = await ben.command(room, { type: 'create-poll', question: 'Q?', ...spec });
    assert.equal(refused.status, 403);
  });

  test('controls the poll on the stage by forms', async () => {
    const { ask, press, read, ada } = await openRoom();
    const first = await ask('First?', { resultsVisibility: 'after-close' });
    await ask('Second?');
    const { html } = await read(ada);
    assert.equal(shown(html), 'Second?');
    assert.match(html, /name="poll" value="\d+"[^>]*>.*Previous/);
    let page = await press({ type: 'set-stage', poll: `${first}` });
    assert.equal(shown(page), 'First?');
    assert.match(page, /name="poll" value="0"[^>]*>Next/);
    assert.match(page, /value="reveal-poll"/);
    const id = `${first}`;
    page = await press({ type: 'reveal-poll', id });
    assert.match(page, /value="hide-poll"/);
    page = await press({ type: 'extend-poll', id, seconds: '30' });
    page = await press({ type: 'close-poll', id });
    assert.match(page, /value="reopen-poll"/);
    assert.doesNotMatch(page, /value="(extend|hide|close)-poll"/);
    page = await press({ type: 'set-stage', poll: '0' });
    assert.equal(shown(page), 'Second?');
    page = await press({ type: 'set-stage', view: 'blank' });
    assert.match(page, /value="poll"[^>]*aria-pressed="true">Blank screen/);
  });

  test('gives a poll more time once for a form that is sent twice', async () => {
    const { room, ada, ask, press, read } = await openRoom();
    const id = `${await ask('Which?', { minutes: 1 })}`;
    const { html } = await read(ada);
    const [, cid = ''] = /name="cid" value="([\w-]+)"/.exec(html) ?? [];
    const end = async (): Promise<number> => {
      const response = await ada.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
      return Date.parse((await response.json()).messages.at(-1).closesAt);
    };
    const before = await end();
    const form = { type: 'extend-poll', id, seconds: '30', cid };
    for (let n = 0; n < 2; n += 1) await press(form);
    assert.equal(await end(), before + 30_000);
    const [, next = ''] = /name="cid" value="([\w-]+)"/.exec((await read(ada)).html) ?? [];
    await press({ ...form, cid: next });
    assert.equal(await end(), before + 60_000);
  });

  test('starts a prepared poll, which is on the stage then', async () => {
    const { room, ada, press, read } = await openRoom();
    const poll = { type: 'prepare-poll', question: 'Later?', options: ['Red', 'Blue'] };
    assert.equal((await ada.command(room, poll)).status, 200);
    const { html } = await read(ada);
    const [, id = ''] =
      /name="id" value="(\d+)">\s*<button name="type" value="start-prep/.exec(html) ?? [];
    const page = await press({ type: 'start-prepared-poll', id });
    assert.equal(shown(page), 'Later?');
    assert.doesNotMatch(page, /start-prepared-poll/);
  });

  test('has the open questions, the one on the stage marked; an answered one leaves', async () => {
    const { room, ben, ask, press, read, ada } = await openRoom();
    const id = await ask('Questions?', { kind: 'q-and-a', options: [] });
    for (const suggestion of ['First?', '<b>Second?</b>'])
      await ben.command(room, { type: 'suggest-option', id, suggestion });
    // Suggestions are counted a moment later.
    for (let html = ''; !html.includes('Second?'); ) {
      const page = await read(ada);
      assert.equal(page.status, 200);
      ({ html } = page);
    }
    const staged = (html: string) => /<li class="staged">.*?<bdi>(.*?)<\/bdi>/s.exec(html)?.[1];
    assert.equal(staged((await read(ada)).html), 'First?');
    const second = { id: `${id}`, option: '1', enabled: 'on', state: 'answered' };
    let page = await press({ type: 'stage-question', ...second });
    assert.equal(staged(page), '&lt;b&gt;Second?&lt;/b&gt;');
    page = await press({ type: 'moderate-option', ...second });
    assert.equal(staged(page), 'First?');
    assert.doesNotMatch(page, /Second/);
  });
});
