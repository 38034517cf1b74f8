import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { type Client, join } from '../support/client.ts';
import { workersOf } from '../support/processes.ts';
import { spawnServer, temporaryFolder } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';
import { waitWhile } from '../support/wait-while.ts';
import { METRICS_TOKEN, onBoth, perWorker } from '../support/workers.ts';

const ARGS = ['--port', '0', '--host', '127.0.0.1', '--workers', '2', '--limits', 'off'];
/** Messages of a sender that wait to be acknowledged. */
const WINDOW = 50;

function openServer(t: TestContext, data = temporaryFolder(t)) {
  return spawnServer(t, [...ARGS, '--data', data], { CHAT_METRICS_TOKEN: METRICS_TOKEN });
}

/** What a client sends one after the other, and what was acknowledged of it. */
function flood(client: Client, name: string, acknowledged: string[]): void {
  let sent = 0;
  const pump = () => client.post(`${name}-${sent}`, `${name}-${sent++}`);
  client.ws.on('message', (data) => {
    const { type, cid } = JSON.parse(data.toString()) as { type: string; cid?: string };
    if (type !== 'message' || !cid?.startsWith(`${name}-`)) return;
    acknowledged.push(cid);
    pump();
  });
  for (let n = 0; n < WINDOW; n += 1) pump();
}

/** The client ids of a room, as a client received them in order. */
function cidsOf({ frames }: Client): readonly string[] {
  return frames.flatMap((frame) => JSON.parse(frame).cid ?? []);
}

function storedIn(data: string): ReadonlySet<string> {
  const db = new DatabaseSync(joinPath(data, 'chat.sqlite'));
  try {
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    return new Set(
      db
        .prepare('SELECT cid FROM messages')
        .all()
        .map(({ cid }) => String(cid)),
    );
  } finally {
    db.close();
  }
}

suite('Where processes of a server with workers end', () => {
  test('a worker that is killed is replaced: the others miss nothing, its clients continue', async (t) => {
    const server = openServer(t);
    const port = await server.listening();
    const [victim] = workersOf(server.child.pid);
    const user = await createGuest(port);
    const watchers = await onBoth(t, user, 'room');
    const senders = await onBoth(t, user, 'room');
    const acknowledged: string[] = [];
    for (const [index, sender] of senders.entries()) flood(sender, `s${index}`, acknowledged);
    await waitWhile(() => acknowledged.length < 500);
    process.kill(victim ?? 0, 'SIGKILL');
    const closed = await Promise.race(watchers.map((one) => one.closed.then(() => one)));
    const other = watchers.find((one) => one !== closed);
    // It comes back with its position, wherever that leads.
    const synced = closed.frames.map((frame) => JSON.parse(frame)).find((one) => one.cursor);
    const epoch = synced.cursor.split('.')[0];
    const last = JSON.parse(closed.frames.at(-1) ?? '').seq;
    const again = await user.live(t, 'room', `${epoch}.${last}`);
    const count = acknowledged.length;
    await waitWhile(() => acknowledged.length < count + 200);
    const goal = acknowledged.slice();
    assert.ok(other);
    await other.until(() => goal.every((cid) => cidsOf(other).includes(cid)));
    const all = cidsOf(other);
    assert.equal(new Set(all).size, all.length, 'each came once');
    const both = () => [...cidsOf(closed), ...cidsOf(again)];
    await again.until(() => both().length >= all.length);
    assert.deepEqual(both().slice(0, all.length), all);
    // The one in its place gets connections as well.
    await waitWhile(() => workersOf(server.child.pid).length < 2);
    for (const { ws } of senders) ws.terminate();
    let busy: ReadonlyMap<string, number> = new Map();
    while (busy.size < 2 || [...busy.values()].includes(0)) {
      await user.live(t, 'other');
      busy = await perWorker(port, 'typhoon_worker_waiters');
    }
    assert.deepEqual(server.codes, ['worker-ended']);
    assert.match(server.output, /"reason":"SIGKILL"/);
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('the workers of a primary that is killed end, and it has all that it acknowledged', async (t) => {
    const data = temporaryFolder(t);
    const server = openServer(t, data);
    const port = await server.listening();
    const workers = workersOf(server.child.pid);
    assert.equal(workers.length, 2);
    const senders = await onBoth(t, await createGuest(port), 'room');
    const acknowledged: string[] = [];
    for (const [index, sender] of senders.entries()) flood(sender, `s${index}`, acknowledged);
    await waitWhile(() => acknowledged.length < 1_000);
    assert.equal(await server.end('SIGKILL'), 'SIGKILL');
    await Promise.all(senders.map(({ closed }) => closed));
    await waitWhile(() => workers.some(isRunning));
    const again = openServer(t, data);
    const client = await join(t, await again.listening(), '/rooms/room/live', {
      protocols: ['json'],
    });
    client.post('after', 'after');
    await client.until(() => cidsOf(client).includes('after'));
    assert.equal(await again.end('SIGTERM'), 0);
    const stored = storedIn(data);
    assert.deepEqual(
      acknowledged.filter((cid) => !stored.has(cid)),
      [],
    );
  });

  test('a signal ends all of them, after what was accepted is stored and sent', async (t) => {
    const data = temporaryFolder(t);
    const server = openServer(t, data);
    const port = await server.listening();
    const workers = workersOf(server.child.pid);
    const clients = await onBoth(t, await createGuest(port), 'room');
    const acknowledged: string[] = [];
    for (const [index, client] of clients.entries()) flood(client, `s${index}`, acknowledged);
    await waitWhile(() => acknowledged.length < 200);
    // As a terminal does it: to all processes at once.
    for (const pid of workers) process.kill(pid, 'SIGINT');
    assert.equal(await server.end('SIGINT'), 0);
    assert.deepEqual(await Promise.all(clients.map(({ closed }) => closed)), [1012, 1012]);
    assert.ok(!workers.some(isRunning));
    assert.deepEqual(server.codes, []);
    const stored = storedIn(data);
    assert.deepEqual(
      acknowledged.filter((cid) => !stored.has(cid)),
      [],
    );
  });
});

suite('A server with workers does not start', () => {
  async function reason(t: TestContext, ...args: readonly string[]): Promise<string> {
    const server = spawnServer(t, ['--workers', '2', ...args]);
    assert.equal(await server.ended(), 1);
    return server.output;
  }

  test('where its port is in use, which it says once', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as { port: number };
    const args = ['--host', '127.0.0.1', '--port', `${port}`, '--data', temporaryFolder(t)];
    const said = await reason(t, ...args);
    assert.equal(said.match(/port is in use/g)?.length, 1, said);
  });

  test('in memory, and as a node of a cluster', async (t) => {
    const inMemory = await reason(t, '--data', ':memory:');
    assert.equal(inMemory, 'Several workers need a data directory: they cannot share :memory:.\n');
    const inCluster = await reason(t, '--cluster', 'nats://127.0.0.1:4222');
    assert.match(inCluster, /^Nodes of a cluster have no workers/);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
