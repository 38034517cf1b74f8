import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { activeSanction } from '../../../server/auth/permissions.ts';
import { defaultSettings, type Sanction } from '../../../server/auth/room-settings.ts';
import { affectedByMutes } from '../../../server/features/moderation/own-mute.ts';
import type { Client } from '../../support/client.ts';
import { suiteApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const app = suiteApp();
const HTML = { Accept: 'text/html' };

async function openRoom() {
  const { port, room } = app.newRoom();
  const [ada, ben, cy] = await Promise.all([
    signIn(port, `Ada ${room}`),
    createGuest(port),
    createGuest(port),
  ]);
  await ada.createRoom(room);
  const moderate = (type: string, fields = {}) =>
    outcome(ada.command(room, { type, uid: ben.uid, ...fields }));
  const page = async (user: TestUser, language = 'en') =>
    (await user.get(`/rooms/${room}`, { ...HTML, 'Accept-Language': language })).text();
  return { room, ada, ben, cy, moderate, page };
}

/** What a stream has said of its user's mute. */
function mutesOf(client: Client): readonly { readonly isMuted: boolean; readonly until: string }[] {
  const events = client.ephemeralFrames.map((frame) => JSON.parse(frame));
  return events.filter(({ type }) => type === 'mute');
}

/** The form of a page, as far as it says whether the user may write. */
function noteOf(page: string): readonly string[] {
  const [, isReadOnly = ''] = /<form id="composer" class="composer([^"]*)"/.exec(page) ?? [];
  const [, text = ''] = /<p id="write-denial"[^>]*>(.*?)<\/p>/.exec(page) ?? [];
  return [isReadOnly.trim(), text.replaceAll('&#39;', "'")];
}

function muted(uid: string, until: number | null, address: string | null = null): Sanction {
  return { kind: 'mute', uid, name: null, address, browsers: [], until };
}

suite('A user who is muted', () => {
  test('is told so, and until when, on their own streams alone: at once and on the next stream', async (t) => {
    const { room, ben, cy, moderate } = await openRoom();
    const [his, hers] = await Promise.all([ben.live(t, room), cy.live(t, room)]);
    const isSystem = (frames: readonly string[]) => frames.some((f) => f.includes('user-muted'));
    assert.equal(await moderate('mute', { minutes: 60 }), '200');
    await Promise.all([his.until(isSystem), hers.until(isSystem)]);
    await ben.get(`/rooms/${room}/presence`);
    const isLifted = (frames: readonly string[]) =>
      frames.some((f) => f.includes('restrictions-lifted'));
    const next = await ben.live(t, room);
    await next.until((frames) => frames.some((f) => f.includes('"synced"')));
    const [onNext] = mutesOf(next);
    assert.equal(onNext?.isMuted, true);
    assert.ok(Date.parse(onNext.until) > Date.now());
    assert.equal(await moderate('lift-restrictions'), '200');
    await Promise.all([his.until(isLifted), hers.until(isLifted)]);
    // What is for one user comes before the next message to all.
    await cy.postMessage(room, 'end');
    const hasEnd = (frames: readonly string[]) => frames.some((f) => f.includes('"end"'));
    await Promise.all([his.until(hasEnd), hers.until(hasEnd)]);
    assert.deepEqual(
      mutesOf(his).map(({ isMuted }) => isMuted),
      [false, true, false],
    );
    assert.deepEqual(mutesOf(hers), [{ type: 'mute', isMuted: false, until: null }]);
  });

  test('is told so by the presence, for a client that polls', async () => {
    const { room, ben, cy, moderate } = await openRoom();
    await moderate('mute', { minutes: '' });
    const muteOf = async (user: TestUser) => {
      const answer = await user.get(`/rooms/${room}/presence`, { Accept: 'application/json' });
      return (await answer.json()).find(({ type }: { type: string }) => type === 'mute');
    };
    assert.deepEqual(await muteOf(ben), { type: 'mute', isMuted: true, until: null });
    assert.deepEqual(await muteOf(cy), { type: 'mute', isMuted: false, until: null });
    const html = await (await ben.get(`/rooms/${room}/presence`, HTML)).text();
    assert.match(html, /<div id="mute" hidden data-muted="true"><\/div>/);
  });

  test('finds a sentence with the time left in place of the form, in both languages', async () => {
    const { room, ben, cy, moderate, page } = await openRoom();
    assert.deepEqual(noteOf(await page(ben)), ['', '']);
    await moderate('mute', { minutes: 10 });
    assert.deepEqual(noteOf(await page(ben)), [
      'read-only',
      "You're muted for another 10 minutes.",
    ]);
    assert.deepEqual(noteOf(await page(ben, 'zh'))[1], '你已被禁言，10 分钟后解除。');
    assert.deepEqual(noteOf(await page(cy)), ['', '']);
    const refused = await ben.submit(`/rooms/${room}/messages`, { message: 'my <text>' });
    assert.equal(refused.status, 403);
    const html = await refused.text();
    assert.match(html, /<noscript><textarea readonly [^>]*>my &lt;text&gt;<\/textarea>/);
    assert.match(html, /<textarea id="message"[^>]*>my &lt;text&gt;<\/textarea>/);
    await moderate('lift-restrictions');
    assert.deepEqual(noteOf(await page(ben)), ['', '']);
  });

  test('is offered no form that would be refused', async () => {
    const { room, ben, ada, moderate, page } = await openRoom();
    await ada.command(room, { type: 'set-poll-creators', creators: 'everyone' });
    const posted = await ben.postMessage(room, 'mine');
    const { id } = (await posted.json()).message;
    const actions = async () => {
      const html = await (await ben.get(`/rooms/${room}/messages/${id}`, HTML)).text();
      return ['react', 'edit', 'delete'].filter((type) => html.includes(`value="${type}"`));
    };
    const newPoll = async () => (await ben.get(`/rooms/${room}/new-poll`, HTML)).status;
    const plain = async () => (await ben.get(`/rooms/${room}/plain`, HTML)).text();
    assert.deepEqual(await actions(), ['react', 'edit', 'delete']);
    assert.equal(await newPoll(), 200);
    await moderate('mute');
    assert.deepEqual(await actions(), ['delete']);
    assert.equal(await newPoll(), 403);
    assert.match(await page(ben), /<body [^>]* data-write-denial="muted">/);
    assert.match(await plain(), /<body [^>]* data-write-denial="muted">/);
    await moderate('lift-restrictions');
    assert.deepEqual(await actions(), ['react', 'edit', 'delete']);
    assert.doesNotMatch(await plain(), /data-write-denial/);
  });
});

test('A locked room says so in place of the form, except to moderators.', async () => {
  const { ada, ben, moderate, page } = await openRoom();
  await moderate('set-locked', { enabled: 'on' });
  const text = 'This room is locked. Only moderators can post.';
  assert.deepEqual(noteOf(await page(ben)), ['read-only', text]);
  assert.equal(noteOf(await page(ben, 'zh'))[1], '聊天室已锁定，只有管理员可以发言。');
  assert.deepEqual(noteOf(await page(ada)), ['', '']);
});

test('A guest reads on the page of a room that needs a name how to get one.', async () => {
  const { room, ada, ben, moderate, page } = await openRoom();
  await moderate('set-name-required', { enabled: 'on' });
  assert.deepEqual(noteOf(await page(ben)), [
    'read-only',
    `You need a name to post and vote in this room. <a href="/sign-in?next=%2Frooms%2F${room}">Choose a name</a>`,
  ]);
  assert.deepEqual(noteOf(await page(ada)), ['', '']);
});

test('Of several mutes, the one that lasts longest counts; only users whom a change affects are told.', () => {
  const settings = { ...defaultSettings('room'), owner: 'ada' };
  const who = (uid: string) => ({
    uid,
    name: null,
    isModerator: false,
    address: '192.0.2.1',
    browser: null,
  });
  const one = { ...settings, sanctions: [muted('ben', 10), muted('cy', 20, '192.0.2.1')] };
  assert.equal(activeSanction(one, who('ben'), 'mute', 0)?.until, 20);
  assert.equal(activeSanction(one, who('ben'), 'mute', 20), undefined);
  const forever = { ...one, sanctions: [muted('ben', null), ...one.sanctions] };
  assert.equal(activeSanction(forever, who('ben'), 'mute', 0)?.until, null);

  const affected = affectedByMutes(one, { ...one, sanctions: [...one.sanctions, muted('di', 5)] });
  assert.deepEqual(
    ['ben', 'di', 'ada'].map((uid) => affected(who(uid))),
    [false, true, false],
  );
  const transferred = affectedByMutes(one, { ...one, owner: 'ben' });
  assert.deepEqual(
    ['ada', 'ben', 'di'].map((uid) => transferred(who(uid))),
    [true, true, false],
  );
});
