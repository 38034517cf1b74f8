import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suiteApp } from '../../support/server.ts';
import { createGuest, outcome, signIn } from '../../support/test-user.ts';

const app = suiteApp();

const total = (frames: readonly string[], emoji: string) =>
  frames
    .filter((frame) => frame.startsWith('{"type":"live-reactions"'))
    .reduce((sum, frame) => sum + (JSON.parse(frame).counts[emoji] ?? 0), 0);

suite('Reactions to what happens right now', () => {
  test('are added up for everybody, without their senders, and stored nowhere', async (t) => {
    const { port, room } = app.newRoom();
    const [ann, ben] = await Promise.all([createGuest(port), createGuest(port)]);
    const client = await ann.live(t, room);
    const page = await ann.join(t, `/rooms/${room}/live`);
    const send = (who: typeof ann, emoji: string, count?: number) =>
      who.command(room, { type: 'send-reactions', emoji, count });
    await Promise.all([send(ann, '👏', 3), send(ben, '👏'), send(ben, '🎉', 2)]);
    await client.untilEphemeral((frames) => total(frames, '👏') === 4 && total(frames, '🎉') === 2);
    await page.untilEphemeral((frames) => /id="live-reactions"[^>]*👏/.test(frames.join()));
    const frames = client.ephemeralFrames.filter((frame) => frame.includes('live-reactions'));
    for (const { uid } of [ann, ben]) assert.ok(!frames.join().includes(uid));
    // Users who join later get none.
    const later = await ben.live(t, room);
    await later.untilEphemeral((all) => all.some((frame) => frame.includes('presence-count')));
    assert.equal(total(later.ephemeralFrames, '👏'), 0);
    const history = await ann.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
    assert.deepEqual((await history.json()).messages, []);
  });

  test('reach clients that poll, once', async () => {
    const { port, room } = app.newRoom();
    const [ann, ben] = await Promise.all([createGuest(port), createGuest(port)]);
    const poll = async (query: object) => {
      const path = `/rooms/${room}/messages?${new URLSearchParams({ ...query })}`;
      const response = await ann.get(path, { Accept: 'application/json' });
      const { cursor, messages, reactions } = await response.json();
      return { after: cursor, messages, reactions, at: response.headers.get('Live-Reactions') };
    };
    const { after, at: start } = await poll({ after: '0.0' });
    const send = () => ben.command(room, { type: 'send-reactions', emoji: '🎉', count: 2 });
    const waiting = poll({ after, wait: 30, reactions: start });
    await send();
    const { reactions, messages, at } = await waiting;
    assert.deepEqual(reactions, { type: 'live-reactions', counts: { '🎉': 2 } });
    assert.deepEqual(messages, []);
    // A client that has them, and one that polls for the first time, receives none.
    assert.equal((await poll({ after, reactions: at })).reactions, undefined);
    assert.equal((await poll({ after })).reactions, undefined);
    // Polling, and a long poll, get at once what came between two requests.
    for (const wait of [0, 30]) {
      const late = await poll({ after, wait, reactions: start });
      assert.deepEqual(late.reactions.counts, { '🎉': 2 });
    }
    const fragments = await ann.get(`/rooms/${room}/messages?after=${after}&reactions=${start}`);
    assert.match(await fragments.text(), /<div id="live-reactions" hidden data-counts="[^"]*🎉/);
  });

  test('are one of a few emoji, ten at most at once, and not for a muted user', async () => {
    const { port, room } = app.newRoom();
    const [ada, ben] = await Promise.all([signIn(port, 'Ada'), createGuest(port)]);
    await ada.createRoom(room);
    const send = (fields: object) =>
      outcome(ben.command(room, { type: 'send-reactions', ...fields }));
    assert.equal(await send({ emoji: '💩' }), '400 invalid-emoji');
    assert.equal(await send({ emoji: '👏', count: 11 }), '400 unknown-action');
    assert.equal(await send({ emoji: '👏', count: 0 }), '400 unknown-action');
    assert.equal(await send({ emoji: '👏', count: 10 }), '200');
    await ada.command(room, { type: 'mute', uid: ben.uid });
    assert.equal(await send({ emoji: '👏' }), '403 muted');
  });
});
