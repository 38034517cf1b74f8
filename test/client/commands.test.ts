import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Commands } from '../../static/client/connection/commands.ts';
import type { ServerError } from '../../static/client/connection/post.ts';

const EDIT = { type: 'edit', id: 1, message: 'x' };
const VOTE = { type: 'set-votes', id: 1, options: [0] };
const MUTED: ServerError = { code: 'muted', message: "You've been muted here." };

const UNCONFIRMED: ServerError = { code: 'unconfirmed', message: 'Not known yet.' };

/** Commands over a connection that the test opens, closes and answers. */
function open({ canSend = true } = {}) {
  const state = { canSend };
  const sent: { cid: string; type: string }[] = [];
  const posted: { readonly cid: string }[] = [];
  const answers: (ServerError | undefined)[] = [];
  const commands = new Commands({
    send(text) {
      if (state.canSend) sent.push(JSON.parse(text));
      return state.canSend;
    },
    async post(command) {
      posted.push(command as { readonly cid: string });
      return answers.shift();
    },
  });
  return { state, sent, posted, answers, commands };
}

suite('A command sent over the connection', () => {
  test('is settled when the server acknowledges its client id', async () => {
    const { sent, posted, commands } = open();
    const done = commands.send(EDIT);
    assert.deepEqual(sent, [{ ...EDIT, cid: sent[0]?.cid }]);
    assert.equal(commands.acknowledge('another'), false);
    assert.equal(commands.acknowledge(sent[0]?.cid), true);
    assert.equal(await done, undefined);
    assert.equal(commands.acknowledge(sent[0]?.cid), false, 'it is answered once');
    assert.deepEqual(posted, []);
  });

  test('is rejected by the error with its client id, and no other command is', async () => {
    const { sent, commands } = open();
    const [first, second] = [commands.send(EDIT), commands.send(VOTE)];
    assert.notEqual(sent[0]?.cid, sent[1]?.cid);
    assert.equal(commands.reject(sent[1]?.cid, MUTED), true);
    assert.equal(await second, MUTED);
    assert.equal(commands.acknowledge(sent[0]?.cid), true);
    assert.equal(await first, undefined);
  });

  test('fails when the connection is lost, as it is unknown whether it was executed', async () => {
    const { commands } = open();
    const done = commands.send(EDIT);
    commands.connectionLost();
    await assert.rejects(done, /connection was lost/);
  });

  test('is sent again under the same client id when the connection is back, if it can be', async () => {
    const { state, sent, posted, commands } = open();
    const done = commands.send(VOTE, true);
    commands.connectionLost();
    commands.resume();
    assert.equal(sent[1]?.cid, sent[0]?.cid);
    state.canSend = false;
    commands.connectionLost();
    commands.resume();
    assert.deepEqual(posted, [{ ...VOTE, cid: sent[0]?.cid }], 'over polling it is a request');
    assert.equal(await done, undefined);
    commands.resume();
    assert.equal(posted.length, 1);
  });

  test('is sent again under the same client id while its outcome is not known', async () => {
    const { state, sent, posted, answers, commands } = open();
    const done = commands.send(EDIT);
    assert.equal(commands.reject(sent[0]?.cid, UNCONFIRMED), true);
    assert.equal(sent[1]?.cid, sent[0]?.cid);
    state.canSend = false;
    answers.push(UNCONFIRMED, MUTED);
    assert.equal(commands.reject(sent[0]?.cid, UNCONFIRMED), true);
    assert.equal(await done, MUTED);
    assert.deepEqual(
      posted.map(({ cid }) => cid),
      [sent[0]?.cid, sent[0]?.cid],
    );
  });

  test('is rejected where a hundred wait for their answers', async () => {
    const { sent, commands } = open();
    const waiting = Array.from({ length: 100 }, () => commands.send(VOTE, true));
    await assert.rejects(commands.send(VOTE, true), /Too many/);
    for (const { cid } of sent) commands.acknowledge(cid);
    assert.equal((await Promise.all(waiting)).length, 100);
    const last = commands.send(VOTE, true);
    commands.acknowledge(sent.at(-1)?.cid);
    assert.equal(await last, undefined);
  });
});

test('A command over a transport that only receives is answered by the response to a request', async () => {
  const { posted, commands } = open({ canSend: false });
  assert.equal(await commands.send(EDIT), undefined);
  const [{ cid, ...command } = { cid: '' }] = posted;
  assert.match(cid, /^[\w-]+$/);
  assert.deepEqual(command, EDIT);
});
