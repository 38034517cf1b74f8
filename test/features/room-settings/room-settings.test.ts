import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openApp, suiteApp } from '../../support/server.ts';
import { createGuest, signIn, type TestUser } from '../../support/test-user.ts';

const app = suiteApp();
const HTML = { Accept: 'text/html' };
const JSON_TYPE = { Accept: 'application/json' };

/** A room, its owner, and the form of its settings. */
async function openRoom(how: object = {}) {
  const { port, room } = app.newRoom();
  const ada = await signIn(port, `Ada ${room}`);
  await ada.createRoom(room, how);
  const path = `/rooms/${room}/settings`;
  const page = async () => (await ada.get(path, HTML)).text();
  /** Submits the form as the page has it, with some fields changed. */
  const save = async (changed: Readonly<Record<string, string>>, html?: string, by = ada) =>
    by.submit(path, { ...formOf(html ?? (await page())), ...changed });
  const state = async (): Promise<Record<string, unknown>> => {
    const states = await (await ada.get(`/rooms/${room}/presence`, JSON_TYPE)).json();
    return states.find(({ type }: { type: string }) => type === 'room-state');
  };
  const actions = async () => (await actionsIn(ada, room)).slice(1);
  /** Sends another form of the page. */
  const submit = (fields: Readonly<Record<string, string>>) =>
    ada.submit(`/rooms/${room}/commands`, fields);
  return { port, room, page, save, submit, state, actions };
}

/** The values that a browser sends for an untouched form. */
function formOf(html: string): Record<string, string> {
  const inputs = html.matchAll(
    /<input type="(?:hidden|text|number)" name="([^"]*)" value="([^"]*)"/g,
  );
  const boxes = html.matchAll(/<input type="checkbox" name="([^"]*)" checked/g);
  const selects = html.matchAll(/<select name="([^"]*)">.*?value="([^"]*)" selected/gs);
  const [form = ''] = /<form id="room-settings".*?<\/form>/s.exec(html) ?? [];
  const isOfForm = ([tag]: RegExpExecArray) => form.includes(tag);
  return Object.fromEntries([
    ...[...inputs, ...selects].filter(isOfForm).map(([, name, value]) => [name, value]),
    ...[...boxes].filter(isOfForm).map(([, name]) => [name, 'on']),
  ]);
}

/** What was done in a room, in order. */
async function actionsIn(user: TestUser, room: string): Promise<readonly string[]> {
  const { messages } = await (await user.get(`/rooms/${room}/messages?limit=50`, JSON_TYPE)).json();
  return messages.map(({ action }: { action: string }) => action);
}

suite('The settings of a room', () => {
  test('are set once by a form that is sent twice, and again by the next one', async () => {
    const { page, save, actions } = await openRoom();
    const html = await page();
    for (const topic of ['Leaves', 'Leaves', 'Roots']) {
      assert.equal((await save({ topic, locked: 'on' }, html)).status, 303);
    }
    assert.deepEqual(await actions(), ['topic-changed', 'lock-changed', 'topic-changed']);
  });

  test('mute somebody once by a form that is sent twice', async () => {
    const { port, page, actions, submit } = await openRoom();
    const ben = await createGuest(port);
    const [, cid = ''] = /name="cid" value="([\w-]+)"/.exec(await page()) ?? [];
    for (let n = 0; n < 2; n += 1) await submit({ type: 'mute', uid: ben.uid, minutes: '10', cid });
    assert.deepEqual(await actions(), ['user-muted']);
  });

  test('are saved together, each change as an event of its own', async () => {
    const { save, state, actions } = await openRoom();
    const changed = {
      title: 'Biology',
      topic: 'Leaves',
      kind: 'class',
      locked: 'on',
      seconds: '5',
    };
    const saved = await save({ ...changed, creators: 'everyone', password: 'leaf' });
    assert.equal(saved.status, 303);
    assert.match(saved.headers.get('location') ?? '', /\/settings\?done=save$/);
    const { title, topic, kind, isLocked, slowModeSeconds, pollCreators } = await state();
    assert.deepEqual(
      [title, topic, kind, isLocked, slowModeSeconds, pollCreators],
      ['Biology', 'Leaves', 'class', true, 5, 'everyone'],
    );
    assert.deepEqual(await actions(), [
      'title-changed',
      'topic-changed',
      'kind-changed',
      'password-changed',
      'poll-creators-changed',
      'lock-changed',
      'slow-mode-changed',
    ]);
  });

  test('stay where nothing was changed', async () => {
    const { save, actions } = await openRoom({ topic: 'Leaves', password: 'leaf' });
    assert.equal((await save({})).status, 303);
    assert.deepEqual(await actions(), []);
  });

  test('that somebody else has changed meanwhile stay', async () => {
    const { page, save, state } = await openRoom({ topic: 'Leaves' });
    const before = await page();
    await save({ topic: 'Roots' });
    await save({ title: 'Biology' }, before);
    const { title, topic } = await state();
    assert.deepEqual([title, topic], ['Biology', 'Roots']);
  });

  test('are not saved if a value is invalid: it is said at its field, and what was typed is kept', async () => {
    const { save, actions } = await openRoom();
    const refused = await save({ title: ' ', topic: 'Leaves & roots', seconds: '5000' });
    assert.equal(refused.status, 400);
    const html = await refused.text();
    assert.match(html, /name="title"[^>]* aria-describedby="wrong-title" autofocus/);
    assert.match(html, /id="wrong-title"[^>]*>A title has 1 to 80 characters/);
    assert.match(html, /id="wrong-seconds"[^>]*>Slow mode waits 0 to 3,600 seconds/);
    assert.match(html, /name="topic" value="Leaves &amp; roots"/);
    assert.deepEqual(await actions(), []);
  });

  test('say what was saved where something was refused', async (t) => {
    const { port } = await openApp(t, { moderatorKey: 'a key' });
    const mo = await signIn(port, 'Mo');
    await mo.post('/session/moderator', { key: 'a key' });
    const shown = { 'was-title': 'lobby', 'was-topic': '', 'was-creators': 'moderators' };
    // The lobby has no owner, who could allow others to start polls.
    const refused = await mo.submit('/rooms/lobby/settings', {
      ...shown,
      ...{ title: 'Hall', topic: 'Welcome', creators: 'everyone' },
    });
    const html = await refused.text();
    assert.equal(refused.status, 409);
    assert.match(html, /role="status">Saved: Title and Topic\.</);
    assert.match(html, /id="wrong-creators"/);
    assert.match(html, /name="was-topic" value="Welcome"/);
    assert.deepEqual(await actionsIn(mo, 'lobby'), ['title-changed', 'topic-changed']);
  });

  test('remove the password only if that is chosen, and a new one replaces it', async () => {
    const { save, page, actions } = await openRoom({ password: 'leaf' });
    assert.match(await page(), /name="removePassword"/);
    await save({ password: 'root', removePassword: 'on' });
    assert.match(await page(), /name="removePassword"/);
    await save({ removePassword: 'on' });
    assert.deepEqual(await actions(), ['password-changed', 'password-changed']);
    assert.doesNotMatch(await page(), /name="removePassword"/);
  });

  test('are hidden from and refused to all but moderators', async () => {
    const { port, save, actions } = await openRoom();
    const guest = await createGuest(port);
    assert.equal((await save({ title: 'Mine' }, undefined, guest)).status, 403);
    assert.deepEqual(await actions(), []);
  });
});
