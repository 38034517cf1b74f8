import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Client } from '../support/client.ts';
import { post, transports } from '../support/listeners.ts';
import { becomeOwner } from '../support/owner.ts';
import { Watcher } from '../support/presence-watcher.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { filesWith } from '../support/stored-text.ts';
import { createGuest, signIn, type TestUser } from '../support/test-user.ts';
import { uploadFile } from '../support/uploads.ts';
import { waitWhile } from '../support/wait-while.ts';
import { METRICS_TOKEN, metricsText, onBoth, perWorker } from '../support/workers.ts';

/** Each request on a connection of its own, which comes to either worker. */
const JSON_HEADERS = {
  ...{ 'Content-Type': 'application/json', Accept: 'application/json', Connection: 'close' },
};

/** A server of two workers for all tests: each has rooms of its own. */
async function openServer(t: { after(end: () => unknown): void }) {
  const data = temporaryFolder({ after: (end) => t.after(end) });
  const server = new ServerProcess(
    ['--port', '0', '--host', '127.0.0.1', '--data', data, '--workers', '2', '--limits', 'off'],
    { CHAT_METRICS_TOKEN: METRICS_TOKEN },
  );
  t.after(() => server.end('SIGKILL'));
  return { server, data, port: await server.listening() };
}

suite('A server with two workers', () => {
  const ends: (() => unknown)[] = [];
  const opened = openServer({ after: (end) => ends.push(end) });
  test.after(async () => {
    for (const end of ends.reverse()) await end();
  });

  test('delivers every message to every waiter in order, over all transports', async (t) => {
    const { port } = await opened;
    const listeners = await Promise.all(
      [...transports, ...transports].map(({ listen }) =>
        listen(t, port, 'all').then((one) => one.untilLive()),
      ),
    );
    const sent = Array.from({ length: 30 }, (_, n) => `message ${n}`);
    for (const text of sent) assert.equal((await post(port, 'all', text)).status, 201);
    for (const one of listeners) {
      await one.until(() => one.bodies.length >= sent.length);
      assert.deepEqual(one.bodies, sent);
    }
    const waiters = await perWorker(port, 'typhoon_worker_waiters');
    assert.equal(waiters.size, 2);
    for (const count of waiters.values()) assert.ok(count > 0, 'connections are spread');
  });

  test('keeps one order of what is sent over both at once', async (t) => {
    const { port } = await opened;
    const clients = await onBoth(t, await createGuest(port), 'order');
    const count = 200;
    for (let n = 0; n < count; n += 1) clients[n % 2]?.post(`${n}`, `cid-${n}`);
    const [one, two] = await Promise.all(
      clients.map(async (client) => {
        await client.until(() => bodiesOf(client).length === count);
        return bodiesOf(client);
      }),
    );
    assert.deepEqual(one, two);
  });

  test('continues on one worker from a cursor of the other, without a gap', async (t) => {
    const { port } = await opened;
    const user = await createGuest(port);
    const [one, two] = await onBoth(t, user, 'cursor');
    for (let n = 0; n < 20; n += 1) {
      const response = await user.postMessage('cursor', `${n}`);
      const { message } = (await response.json()) as { message: { seq: number } };
      const epoch = cursorOf(one).split('.')[0];
      const url = `http://127.0.0.1:${port}/rooms/cursor/messages?after=${epoch}.${message.seq - 1}`;
      // Each request is a connection of its own, and so comes to either of them.
      const headers = { Accept: 'application/json', Connection: 'close' };
      const polled = await (await fetch(url, { headers })).json();
      const { reset, messages } = polled as { reset: boolean; messages: { body: string }[] };
      assert.deepEqual([reset, messages.map(({ body }) => body)], [false, [`${n}`]]);
    }
    await two?.until(() => bodiesOf(two).length === 20);
  });

  test('shows a form on the page that comes from the other worker', async () => {
    const { port } = await opened;
    const user = await createGuest(port);
    for (let n = 0; n < 10; n += 1) {
      const posted = await user.submit('/rooms/forms/messages', { message: `from form ${n}` });
      assert.equal(posted.status, 303);
      const [at] = posted.headers.getSetCookie().filter((cookie) => cookie.startsWith('at='));
      const Cookie = `${user.headers.Cookie}; ${at?.split(';')[0]}`;
      const page = await user.get('/rooms/forms', {
        ...{ Cookie, Accept: 'text/html', Connection: 'close' },
      });
      assert.ok((await page.text()).includes(`from form ${n}`));
    }
  });

  test('has one presence: a user on two workers is one, and users see each other', async (t) => {
    const { port } = await opened;
    const [ada, bob] = [await signIn(port, 'Ada'), await signIn(port, 'Bob')];
    const clients = [...(await onBoth(t, ada, 'people')), ...(await onBoth(t, bob, 'people'))];
    const watchers = clients.map((client) => {
      const watcher = new Watcher();
      for (const text of client.ephemeralFrames) watcher.take(text);
      client.ws.on('message', (data) => watcher.take(data.toString()));
      return watcher;
    });
    for (const watcher of watchers) {
      await watcher.sees(({ count, people }) => count === 2 && people.size === 2);
    }
  });

  test('ends the streams of a removed user on both', async (t) => {
    const { port } = await opened;
    const [olga, guest] = [await signIn(port, 'Olga'), await createGuest(port)];
    assert.equal((await olga.createRoom('removal')).status, 201);
    const clients = await onBoth(t, guest, 'removal');
    const banned = await olga.command('removal', { type: 'ban', uid: guest.uid, minutes: 10 });
    assert.equal(banned.status, 200);
    assert.deepEqual(await Promise.all(clients.map(({ closed }) => closed)), [1008, 1008]);
    for (let n = 0; n < 4; n += 1) {
      const page = await guest.get('/rooms/removal/messages', { Connection: 'close' });
      assert.equal(page.status, 403);
    }
  });

  test('counts the votes of both, each voter once', async (t) => {
    const { port } = await opened;
    const clients = await onBoth(t, await createGuest(port), 'votes');
    const asker = await createGuest(port);
    const poll = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };
    assert.equal((await asker.command('votes', poll)).status, 200);
    await clients[0]?.until(() => countsOf(clients[0]).length > 0);
    const [{ id } = { id: 0 }] = countsOf(clients[0]);
    const voters = await Promise.all(Array.from({ length: 12 }, () => createGuest(port)));
    const vote = async (voter: TestUser, option: number) => {
      const command = { type: 'set-votes', id, options: [option] };
      const response = await fetch(`http://127.0.0.1:${port}/rooms/votes/commands`, {
        method: 'POST',
        headers: { ...voter.headers, ...JSON_HEADERS },
        body: JSON.stringify(command),
      });
      assert.equal(response.status, 200, await response.text());
    };
    await Promise.all(voters.map((voter) => vote(voter, 0)));
    // Whichever worker each comes to now, it replaces the vote of before.
    await Promise.all(voters.slice(0, 5).map((voter) => vote(voter, 1)));
    for (const client of clients)
      await client.until(() => String(countsOf(client).at(-1)?.counts) === '7,5');
  });

  test('erases who asks for it, in the files and on the pages of both', async (t) => {
    const { port, data } = await opened;
    const clients = await onBoth(t, await createGuest(port), 'erased');
    const user = await signIn(port, 'Zqerased');
    assert.equal((await user.postMessage('erased', 'zqworkers')).status, 201);
    for (const client of clients) await client.until(() => bodiesOf(client).includes('zqworkers'));
    assert.equal((await user.post('/settings/data/erase', {})).status, 200);
    for (const client of clients)
      await client.until((frames) => frames.some((frame) => /"type":"deleted"/.test(frame)));
    for (const word of ['zqworkers', 'zqerased'])
      await waitWhile(() => filesWith(data, word).length > 0, 50);
    for (let n = 0; n < 4; n += 1) {
      const page = await user.get('/settings', { Connection: 'close' });
      assert.doesNotMatch(await page.text(), /Zqerased/);
    }
  });

  test('counts wrong passwords on both together', async () => {
    const { port } = await opened;
    const owner = await signIn(port, 'Petra');
    assert.equal((await owner.createRoom('secret', { password: 'open sesame' })).status, 201);
    const guest = await createGuest(port);
    let status = 403;
    let attempts = 0;
    for (; status === 403; attempts += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/rooms/secret/password`, {
        method: 'POST',
        headers: { ...guest.headers, Accept: 'application/json', Connection: 'close' },
        body: new URLSearchParams({ password: `guess ${attempts}` }),
      });
      status = answer.status;
      await answer.text();
    }
    assert.equal(status, 429);
    // Six on one server; what one tells the other arrives a moment later.
    assert.ok(attempts < 10, `${attempts} attempts, where each by itself would admit twelve`);
  });

  test('shows its owner the connections of both', async (t) => {
    const { port, server } = await opened;
    const [, path] = /(\/own\/\S+)/.exec(server.output) ?? [];
    const owner = await becomeOwner(port, path, 'Olive');
    const clients = await onBoth(t, owner, 'owned');
    // Those of earlier tests may still be closing.
    for (let isSame = false; !isSame; ) {
      const text = await metricsText(port);
      const [, count] = /^typhoon_waiters\{transport="websocket"\} (\d+)$/m.exec(text) ?? [];
      const page = await (await owner.get('/admin', { 'Accept-Language': 'en' })).text();
      isSame = new RegExp(`WebSocket[^\\d]*${count}\\b`).test(page);
    }
    for (const { ws } of clients) ws.terminate();
  });

  test('serves a file that was uploaded to the other', async () => {
    const { port } = await opened;
    const guest = await createGuest(port);
    const sent = await uploadFile(guest, 'a.txt', 'some text', 'files');
    const { file } = (await sent.json()) as { file: { id: string; path: string } };
    assert.equal(
      (await guest.post('/rooms/files/messages', { message: '', files: [file.id] })).status,
      201,
    );
    for (let n = 0; n < 4; n += 1) {
      const got = await guest.get(file.path, { Connection: 'close' });
      assert.deepEqual([got.status, await got.text()], [200, 'some text']);
    }
  });

  test('searches, counts and answers whether it is up for the server as a whole', async (t) => {
    const { port } = await opened;
    const user = await createGuest(port);
    await user.postMessage('search', 'a needle in the hay');
    for (let n = 0; n < 4; n += 1) {
      const found = await user.get('/rooms/search/search?q=needle', {
        ...{ Accept: 'application/json', Connection: 'close' },
      });
      const { messages } = (await found.json()) as { messages: { body: string }[] };
      assert.deepEqual(
        messages.map(({ body }) => body),
        ['a needle in the hay'],
      );
      const up = await user.get('/up', { Connection: 'close' });
      assert.deepEqual([up.status, await up.text()], [200, 'ok\n']);
    }
    const clients = await onBoth(t, user, 'search');
    const text = await metricsText(port);
    const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
    const each = [...(await perWorker(port, 'typhoon_worker_waiters')).values()];
    assert.equal(
      value('typhoon_waiters\\{transport="websocket"\\}'),
      each.reduce((sum, count) => sum + count, 0),
    );
    assert.ok(value('typhoon_messages_total') <= value('typhoon_log_head'));
    assert.ok(value('typhoon_commit_seconds_count') > 0);
    for (const { ws } of clients) ws.terminate();
  });
});

function bodiesOf(client: Client): readonly string[] {
  return client.frames.flatMap((frame) => {
    const { type, body } = JSON.parse(frame) as { type: string; body: string };
    return type === 'message' ? [body] : [];
  });
}

/** The counts of the room's poll, in the order in which the client got them. */
function countsOf(client: Client | undefined) {
  return (client?.frames ?? []).flatMap((frame) => {
    const { type, id, options } = JSON.parse(frame) as PollFrame;
    return type === 'poll' ? [{ id, counts: options.map(({ count }) => count) }] : [];
  });
}

interface PollFrame {
  readonly type: string;
  readonly id: number;
  readonly options: readonly { readonly count: number }[];
}

/** The position that a client got when it was live. */
function cursorOf(client: Client | undefined): string {
  const frames = client?.frames.map((frame) => JSON.parse(frame)) ?? [];
  return frames.find(({ type }) => type === 'synced')?.cursor ?? '';
}
