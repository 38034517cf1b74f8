import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DEFAULT_STAGE } from '../../../server/shared/stage.ts';
import { suiteApp } from '../../support/server.ts';
import { createGuest, outcome, signIn } from '../../support/test-user.ts';

const app = suiteApp();

/** A room of Ada's, with a poll and a Q&A that has a question. */
async function openRoom() {
  const { port, room } = app.newRoom();
  const ada = await signIn(port, `Ada ${room}`);
  const ben = await createGuest(port);
  assert.equal((await ada.createRoom(room)).status, 201);
  const lastId = async (): Promise<number> => {
    const response = await ada.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
    return (await response.json()).messages.at(-1).id;
  };
  await ada.command(room, { type: 'create-poll', question: 'Which?', options: ['a', 'b'] });
  const poll = await lastId();
  await ada.command(room, { type: 'create-poll', kind: 'q-and-a', question: 'Questions?' });
  const questions = await lastId();
  await ben.command(room, { type: 'suggest-option', id: questions, suggestion: 'Why?' });
  const stageOf = async (): Promise<unknown> => {
    const response = await ben.get(`/rooms/${room}/stage`, { Accept: 'application/json' });
    return (await response.json())[0].stage;
  };
  return { port, room, ada, ben, poll, questions, stageOf };
}

suite('The stage of a room', () => {
  test('is controlled by moderators alone, and everybody there is told', async (t) => {
    const { room, ada, ben, poll, questions, stageOf } = await openRoom();
    assert.deepEqual(await stageOf(), DEFAULT_STAGE);
    for (const command of [
      { type: 'set-stage', view: 'blank' },
      { type: 'stage-question', id: questions, option: 0 },
    ]) {
      assert.equal(await outcome(ben.command(room, command)), '403 not-moderator');
    }
    assert.deepEqual(await stageOf(), DEFAULT_STAGE);
    const client = await ben.live(t, room);
    assert.equal(await outcome(ada.command(room, { type: 'set-stage', view: 'join' })), '200');
    await client.untilEphemeral((frames) => frames.some((text) => text.includes('"view":"join"')));
    assert.equal(await outcome(ada.command(room, { type: 'set-stage', poll })), '200');
    assert.deepEqual(await stageOf(), { view: 'poll', poll, question: null });
    const staged = { type: 'stage-question', id: questions, option: 0 };
    assert.equal(await outcome(ada.command(room, staged)), '200');
    const question = { poll: questions, option: 0 };
    assert.deepEqual(await stageOf(), { view: 'poll', poll, question });
    assert.equal(await outcome(ada.command(room, { type: 'set-stage', poll: 0 })), '200');
    assert.deepEqual(await stageOf(), { view: 'poll', poll: null, question });
    const unstaged = { ...staged, enabled: false };
    assert.equal(await outcome(ada.command(room, unstaged)), '200');
    assert.deepEqual(await stageOf(), DEFAULT_STAGE);
  });

  test('is what the page shows that is loaded again and again where it has no script', async () => {
    const { room, ada, ben, poll, questions } = await openRoom();
    await ben.command(room, { type: 'suggest-option', id: questions, suggestion: '"Who?" > $&' });
    const page = async () => {
      const response = await ben.get(`/rooms/${room}/present`, { Accept: 'text/html' });
      return response.text();
    };
    const shown = (html: string) =>
      Array.from(html.matchAll(/class="message poll shown" id="m-(\d+)"/g), ([, id]) => Number(id));
    const marked = (html: string, mark: string) =>
      Array.from(
        html.matchAll(new RegExp(`id="w-(\\d+-\\d+)" class="${mark} open"`, 'g')),
        ([, id]) => id,
      );
    let first = '';
    // They are counted a few times a second.
    while (!first.includes(`"w-${questions}-1"`)) first = await page();
    assert.deepEqual(shown(first), [questions], 'the newest');
    assert.deepEqual(marked(first, 'on-stage'), [`${questions}-0`]);
    assert.deepEqual(marked(first, 'next'), [`${questions}-1`]);
    assert.doesNotMatch(first, /<body class="present (idle|joining)/);
    await ada.command(room, { type: 'stage-question', id: questions, option: 1, enabled: true });
    assert.deepEqual(marked(await page(), 'on-stage'), [`${questions}-1`]);
    await ada.command(room, { type: 'set-stage', poll });
    assert.deepEqual(shown(await page()), [poll]);
    await ada.command(room, { type: 'set-stage', view: 'join' });
    assert.match(await page(), /<body class="present joining"/);
    await ada.command(room, { type: 'set-stage', view: 'blank' });
    assert.match(await page(), /<noscript><div class="blank-cover">/);
  });

  test('has no poll and no question that is not there', async () => {
    const { room, ada, poll, questions, stageOf } = await openRoom();
    for (const [command, code] of [
      [{ type: 'set-stage', poll: 999_999 }, '404 no-such-poll'],
      [{ type: 'set-stage', view: 'other' }, '400 unknown-action'],
      [{ type: 'stage-question', id: questions, option: 1 }, '400 no-such-option'],
      [{ type: 'stage-question', id: poll, option: 0 }, '400 no-such-option'],
      [{ type: 'stage-question', id: 999_999, option: 0 }, '404 no-such-poll'],
    ] as const) {
      assert.equal(await outcome(ada.command(room, command)), code, JSON.stringify(command));
    }
    assert.deepEqual(await stageOf(), DEFAULT_STAGE);
  });

  test('is acknowledged by id on a socket; saying it again changes nothing', async (t) => {
    const { room, ada } = await openRoom();
    const client = await ada.live(t, room);
    for (const cid of ['one', 'two']) {
      client.send(JSON.stringify({ type: 'set-stage', view: 'blank', cid }));
      await client.until((frames) =>
        frames.some((text) => text.startsWith('{"type":"ack"') && text.includes(cid)),
      );
    }
  });

  test('leads a form back to the remote', async () => {
    const { room, ada, stageOf } = await openRoom();
    const response = await ada.submit(`/rooms/${room}/commands`, {
      ...{ type: 'set-stage', view: 'blank', back: 'remote' },
    });
    assert.deepEqual(
      [response.status, response.headers.get('location')],
      [303, `/rooms/${room}/remote`],
    );
    assert.deepEqual(await stageOf(), { ...DEFAULT_STAGE, view: 'blank' });
  });
});
