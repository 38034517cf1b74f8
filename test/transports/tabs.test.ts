import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Client, join } from '../support/client.ts';
import { openApp } from '../support/server.ts';
import { TestBrowser } from '../support/test-browser.ts';
import { outcome, signIn } from '../support/test-user.ts';

const JSON_ONLY = { Accept: 'application/json' };

/** A browser that has loaded the room page, and opens tabs: each is its own guest. */
async function openBrowser(t: TestContext, { url, port }: { url: string; port: number }) {
  const browser = new TestBrowser(url);
  assert.equal((await browser.get('/rooms/room')).status, 200);
  const openTab = async () => {
    const answer = await browser.post('/guests');
    const { uid, token } = (await answer.json()) as { uid: string; token: string };
    const live = () =>
      join(t, port, '/rooms/room/live', {
        protocols: ['json', `token.${token}`],
        headers: browser.headers(),
      });
    const bearer = { ...JSON_ONLY, Authorization: `Bearer ${token}` };
    const post = (message: string) =>
      outcome(browser.post('/rooms/room/messages', { message }, bearer));
    return { uid, live, post, votes: () => browser.get('/rooms/room/votes', bearer) };
  };
  return { openTab };
}

interface Frame {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Waits for a JSON event for which a condition holds. */
async function event(client: Client, isSuch: (frame: Frame) => boolean): Promise<Frame> {
  const read = (frames: readonly string[]) => frames.map((frame): Frame => JSON.parse(frame));
  const frames = await client.until((all) => read(all).some(isSuch));
  return read(frames).find(isSuch) as Frame;
}

const isLive = ({ type }: Frame) => type === 'synced';

suite('Two tabs of one browser', () => {
  test('are two guests with one vote, and both show what was chosen', async (t) => {
    const app = await openApp(t);
    const { openTab } = await openBrowser(t, app);
    const [ann, other] = [await openTab(), await openTab()];
    assert.notEqual(ann.uid, other.uid);
    const [first, second] = [await ann.live(), await other.live()];
    await Promise.all([event(first, isLive), event(second, isLive)]);
    first.send(JSON.stringify({ type: 'create-poll', question: 'Which?', options: ['a', 'b'] }));
    const { id } = await event(second, ({ type }) => type === 'poll');
    first.send(JSON.stringify({ type: 'set-votes', id, options: [0] }));
    await event(second, ({ type, options }) => type === 'vote' && `${options}` === '0');
    second.send(JSON.stringify({ type: 'set-votes', id, options: [1] }));
    await event(first, ({ type, options }) => type === 'vote' && `${options}` === '1');
    const counted = await event(first, ({ type, options }) => {
      const [a, b] = type === 'poll' ? (options as { count: number }[]) : [];
      return a?.count === 0 && b?.count === 1;
    });
    assert.equal(counted.voters, 1);
    assert.deepEqual(await (await (await openTab()).votes()).json(), [
      { type: 'vote', poll: id, options: [1] },
    ]);
  });

  test('show the results for voters when one of them has voted', async (t) => {
    const app = await openApp(t);
    const { openTab } = await openBrowser(t, app);
    const [first, second] = [await (await openTab()).live(), await (await openTab()).live()];
    await Promise.all([event(first, isLive), event(second, isLive)]);
    const poll = {
      type: 'create-poll',
      question: 'Which?',
      options: ['a', 'b'],
      resultsVisibility: 'after-vote',
    };
    first.send(JSON.stringify(poll));
    const { id } = await event(second, ({ type }) => type === 'poll');
    first.send(JSON.stringify({ type: 'set-votes', id, options: [0] }));
    await event(second, ({ type }) => type === 'results');
    const third = await (await openTab()).live();
    await event(third, isLive);
    first.send(JSON.stringify({ type: 'set-votes', id, options: [1] }));
    await event(third, ({ type }) => type === 'results');
  });

  test('are banned together, and so is the next tab that is opened', async (t) => {
    const app = await openApp(t);
    const ada = await signIn(app.port, 'Ada');
    assert.equal(await outcome(ada.createRoom('room')), '201');
    const { openTab } = await openBrowser(t, app);
    const [ann, other] = [await openTab(), await openTab()];
    const [first, second] = [await ann.live(), await other.live()];
    await Promise.all([event(first, isLive), event(second, isLive)]);
    await ada.command('room', { type: 'ban', uid: ann.uid });
    assert.deepEqual([await first.closed, await second.closed], [1008, 1008]);
    assert.equal(await (await openTab()).post('here again'), '403 banned');
  });

  test('are banned even if the one that posted was closed', async (t) => {
    const app = await openApp(t, {}, { presenceGraceMs: 1 });
    const ada = await signIn(app.port, 'Ada');
    await ada.createRoom('room');
    const { openTab } = await openBrowser(t, app);
    const ann = await openTab();
    assert.equal(await ann.post('rubbish'), '201');
    await ada.command('room', { type: 'ban', uid: ann.uid });
    assert.equal(await (await openTab()).post('more of it'), '403 banned');
    const { openTab: openElsewhere } = await openBrowser(t, app);
    assert.equal(await (await openElsewhere()).post('another browser'), '201');
  });
});
