import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { chat } from '../../../scripts/chat.ts';
import { freePorts } from '../../../scripts/free-ports.ts';
import { deriveKey } from '../../../server/auth/load-keyring.ts';
import { Envelope } from '../../../server/cluster/envelope.ts';
import { openStream } from '../../../server/cluster/open-stream.ts';
import { openOneNats, SECRET, stored } from '../../support/cluster.ts';
import { post } from '../../support/listeners.ts';
import { otherBuild } from '../../support/other-build.ts';
import { openApp, type ServerProcess, spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest, type TestUser } from '../../support/test-user.ts';

const ROOM = 'class';
/** Pause between two messages of a sender: the machine has other work, too. */
const PAUSE_MS = 20;

/** A version with a second format, by which every message is in capitals. */
function nextVersion(t: TestContext): readonly string[] {
  return otherBuild(t, [
    ['server/core/format.ts', 'NEWEST_FORMAT = 1', 'NEWEST_FORMAT = 2'],
    [
      'server/features/appender.ts',
      'const outcome = handle(event);',
      `const isLoud = event.kind === 'message-posted' && new FormatInForce(db).current > 1;
      const outcome = handle(isLoud ? { ...event, body: event.body.toUpperCase() } : event);`,
    ],
  ]);
}

/** Posts messages in order, each again until it is acknowledged, to one node after the other. */
class Sender {
  readonly acknowledged: string[] = [];
  readonly #nodes: readonly TestUser[];
  #isStopped = false;

  constructor(guest: TestUser, ports: readonly number[]) {
    this.#nodes = ports.map((port) => guest.at(port));
  }

  async run(): Promise<void> {
    for (let attempt = 0; !this.#isStopped; attempt += 1) {
      const body = `message-${this.acknowledged.length}`;
      const node = this.#nodes[attempt % this.#nodes.length];
      const isThere = await node?.postMessage(ROOM, body, body).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isThere) this.acknowledged.push(body);
      await wait(PAUSE_MS);
    }
  }

  async more(messages: number): Promise<void> {
    for (const target = this.acknowledged.length + messages; this.acknowledged.length < target; )
      await wait(PAUSE_MS);
  }

  stop(): void {
    this.#isStopped = true;
  }
}

suite('A cluster that is updated', { timeout: 240_000 }, () => {
  test('node by node goes over to the new format at one place of the log, and loses nothing', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const ports = await freePorts(3);
    const folders = ports.map(() => temporaryFolder(scope));
    const env = { CHAT_CLUSTER: urls.join(','), CHAT_SECRET: SECRET };
    const start = (data: string, port: number, program: readonly string[]) =>
      spawnServer(t, ['--port', `${port}`, '--data', data, '--limits', 'off'], env, [], program);
    const next = nextVersion(t);
    const nodes: ServerProcess[] = [];
    for (const [index, port] of ports.entries()) {
      const node = start(folders[index] ?? '', port, chat);
      nodes.push(node);
      await node.listening();
    }
    const sender = new Sender(await createGuest(ports[0] ?? 0), ports);
    t.after(() => sender.stop());
    const sending = sender.run();
    const formats = () => folders.map((data) => stored(data).replica.format);
    await sender.more(20);
    for (const [index, port] of ports.entries()) {
      assert.deepEqual(formats(), [1, 1, 1], 'as long as one node does not know another');
      assert.equal(await nodes[index]?.end('SIGTERM'), 0);
      const updated = start(folders[index] ?? '', port, next);
      nodes[index] = updated;
      await updated.listening();
      await sender.more(20);
    }
    while (formats().some((format) => format !== 2)) await wait(PAUSE_MS);
    await sender.more(20);
    // The version before neither goes on with such a store nor joins with an empty one.
    await nodes[2]?.end('SIGTERM');
    const back = start(folders[2] ?? '', 0, chat);
    assert.equal(await back.ended(), 1);
    assert.match(back.output, /is in format 2, and the newest that this version .* is 1\./);
    const old = start(temporaryFolder(scope), 0, chat);
    assert.equal(await old.ended(), 1);
    assert.match(old.output, /^Place \d+ is of a newer version of Typhoon/m);
    assert.deepEqual(
      old.codes.filter((code) => !['stopping', 'stopped', 'nats-outdated'].includes(`${code}`)),
      ['cluster-newer'],
    );
    const again = start(folders[2] ?? '', ports[2] ?? 0, next);
    nodes[2] = again;
    await again.listening();
    sender.stop();
    await sending;
    const places = () => new Set(folders.map((data) => stored(data).replica.place));
    while (places().size > 1) await wait(PAUSE_MS);
    for (const node of nodes) assert.equal(await node.end('SIGTERM'), 0);
    const [first, ...others] = folders.map(stored);
    for (const other of others) assert.deepEqual(other, first);
    const bodies = first?.bodies ?? [];
    assert.deepEqual(
      bodies.map((body) => body.toLowerCase()),
      sender.acknowledged,
      'each once, in order',
    );
    const raisedAt = bodies.findIndex((body) => /[A-Z]/.test(body));
    assert.ok(raisedAt > 0);
    assert.ok(bodies.slice(raisedAt).every((body) => !/[a-z]/.test(body)));
  });
});

suite('A node', { timeout: 240_000 }, () => {
  test('stops at an entry that only a newer version can apply, and skips nothing', async (t) => {
    const newer = [
      (envelope: Envelope, id: string) =>
        envelope.sealJson([{ kind: 'message-posted' }, { kind: 'of-the-future' }], id),
      (envelope: Envelope, id: string) => {
        const sealed = envelope.sealJson([], id);
        sealed[0] = 2;
        return sealed;
      },
      (envelope: Envelope, id: string) =>
        envelope.sealJson([{ kind: 'room-action', action: { type: 'of-the-future' } }], id),
      (envelope: Envelope, id: string) =>
        envelope.sealJson([{ kind: 'format-raised', format: 2 }], id),
    ];
    for (const [index, seal] of newer.entries()) {
      const { urls, scope } = await openOneNats(t);
      const data = temporaryFolder(scope);
      const node = await openApp(scope, { data, cluster: urls, secret: SECRET });
      await post(node.port, ROOM, 'before');
      const before = stored(data);
      const stream = await openStream(urls);
      scope.after(() => stream.connection.close());
      const id = `entry ${index}`;
      await stream.publish(id, seal(new Envelope(deriveKey(SECRET, 'cluster')), id));
      while (!node.lines.some(({ code }) => code === 'cluster-newer')) await wait(PAUSE_MS);
      await node.close();
      assert.deepEqual(stored(data), before);
    }
  });
});
