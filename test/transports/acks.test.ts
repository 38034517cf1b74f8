import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openApp } from '../support/server.ts';
import { signIn } from '../support/test-user.ts';

/** Commands of the room's owner, on message 3, and whether they are accepted. */
const COMMANDS = [
  [{ type: 'edit', id: 3, message: 'edited' }, undefined],
  [{ type: 'react', id: 3, emoji: '👍', enabled: true }, undefined],
  [{ type: 'pin', id: 3 }, undefined],
  [{ type: 'set-topic', text: 'Fish' }, undefined],
  [{ type: 'typing' }, undefined],
  [{ type: 'create-poll', question: 'Which?', options: ['one', 'two'] }, undefined],
  [{ type: 'edit', id: 2, message: 'x' }, 'not-editable'],
  [{ type: 'react', id: 99, emoji: '👍' }, 'no-such-message'],
  [{ type: 'set-votes', id: 3, options: [0] }, 'no-such-poll'],
  [{ type: 'mute', uid: 'nobody' }, 'unknown-action'],
  [{ type: 'no-such-command' }, 'unknown-action'],
] as const;

suite('A command with a client id', () => {
  test('is acknowledged or rejected by that id, once', async (t) => {
    const { port } = await openApp(t);
    const ada = await signIn(port, 'Ada');
    await ada.createRoom('room', {});
    await ada.postMessage('room', 'one');
    const client = await ada.live(t, 'room');
    for (const [n, [command, code]] of COMMANDS.entries()) {
      const cid = `command-${n}`;
      client.send(JSON.stringify({ ...command, cid }));
      await client.until((frames) => frames.some((frame) => frame.includes(`"${cid}"`)));
      const responses = client.frames.filter((frame) => frame.includes(`"${cid}"`));
      assert.equal(responses.length, 1, cid);
      const { type, code: actual } = JSON.parse(responses[0] ?? '');
      assert.deepEqual([type, actual], code === undefined ? ['ack', undefined] : ['error', code]);
    }
  });

  test('is rejected, and not executed, if the client id is invalid', async (t) => {
    const { port } = await openApp(t);
    const ada = await signIn(port, 'Ada');
    await ada.createRoom('room', {});
    const client = await ada.live(t, 'room');
    client.send('{"type":"set-topic","text":"Fish","cid":"not valid"}');
    await client.until((frames) => frames.some((frame) => frame.includes('"error"')));
    assert.match(client.frames.at(-1) ?? '', /"invalid-cid"/);
    assert.ok(!client.frames.some((frame) => frame.includes('topic-changed')));
  });
});
