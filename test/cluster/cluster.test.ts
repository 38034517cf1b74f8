import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Client, join } from '../support/client.ts';
import { openNats, SECRET, stored } from '../support/cluster.ts';
import { Listener } from '../support/listeners.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';

const ROOM = 'class';

/** A client that posts messages in order, each again until it is acknowledged, to whichever node it can. */
class Sender {
  readonly acknowledged: string[] = [];
  readonly #name: string;
  readonly #ports: () => readonly number[];
  readonly #token: string;
  #isStopped = false;
  #count = 0;

  constructor(name: string, token: string, ports: () => readonly number[]) {
    this.#name = name;
    this.#token = token;
    this.#ports = ports;
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      const body = `${this.#name} ${this.#count}`;
      if (await this.#post(body, this.#count)) {
        this.acknowledged.push(body);
        this.#count += 1;
      } else {
        await wait(50);
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #post(message: string, attempt: number): Promise<boolean> {
    const ports = this.#ports();
    const port = ports[(attempt + this.#name.length) % ports.length];
    try {
      const response = await fetch(`http://127.0.0.1:${port}/rooms/${ROOM}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#token}` },
        body: JSON.stringify({ message, cid: `${this.#name}-${attempt}` }),
        signal: AbortSignal.timeout(25_000),
      });
      await response.text();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** A client that follows a room, and connects again with its cursor when its connection is closed, as a page does. */
class Witness {
  readonly #listener = new Listener();
  readonly #t: TestContext;
  readonly #port: number;
  #isStopped = false;

  constructor(t: TestContext, port: number) {
    this.#t = t;
    this.#port = port;
    t.after(() => {
      this.#isStopped = true;
    });
  }

  get bodies(): readonly string[] {
    return this.#listener.bodies;
  }

  /** Whether it was told to begin again. */
  get isReset(): boolean {
    return this.#listener.isReset;
  }

  /** Resolves when it is connected for the first time. */
  async start(): Promise<void> {
    const client = await this.#connect('');
    await this.#listener.untilLive();
    void this.#goOn(client);
  }

  async until(isEnough: () => boolean): Promise<void> {
    await this.#listener.until(isEnough);
  }

  async #goOn(first: Pick<Client, 'closed'>): Promise<void> {
    for (let client = first; ; ) {
      await client.closed;
      if (this.#isStopped) return;
      await wait(50);
      const after = `?after=${this.#listener.cursor}`;
      // Until the node lets it in again, it is as if it had been closed at once.
      client = await this.#connect(after).catch(() => ({ closed: Promise.resolve(0) }));
    }
  }

  async #connect(query: string): Promise<Pick<Client, 'closed'>> {
    const path = `/rooms/${ROOM}/live${query}`;
    const client = await join(this.#t, this.#port, path, { protocols: ['json'] });
    for (const frame of client.frames) this.#listener.parseFrame('json', frame);
    client.ws.on('message', (data) => this.#listener.parseFrame('json', data.toString()));
    return client;
  }
}

/** The token of a new guest. */
async function newToken(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/rooms/${ROOM}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ message: 'hello' }),
  });
  const { guest } = (await response.json()) as { readonly guest: { readonly token: string } };
  return guest.token;
}

suite('A cluster of three nodes', () => {
  test('loses nothing, and resets nobody, when a node and then two servers in turn are killed', async (t) => {
    const { servers, urls, scope } = await openNats(t);
    const folders = [0, 1, 2].map(() => temporaryFolder(scope));
    const cluster = { cluster: urls, secret: SECRET };
    const [one, two] = [
      await openApp(scope, { ...cluster, data: folders[0] ?? '' }),
      await openApp(scope, { ...cluster, data: folders[1] ?? '' }),
    ];
    const args = ['--port', '0', '--data', folders[2] ?? '', '--limits', 'off'];
    const env = { CHAT_CLUSTER: urls.join(','), CHAT_SECRET: SECRET };
    const spawned = spawnServer(t, args, env);
    const third = await spawned.listening();
    let ports = [one.port, two.port, third];
    const token = await newToken(one.port);
    const witnesses = [one, two].map(({ port }) => new Witness(t, port));
    await Promise.all(witnesses.map((witness) => witness.start()));
    const senders = ['a', 'bb', 'ccc'].map((name) => new Sender(name, token, () => ports));
    t.after(() => senders.forEach((sender) => void sender.stop()));
    const running = senders.map((sender) => sender.run());
    const count = () => senders.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    const more = async (messages: number) => {
      for (const target = count() + messages; count() < target; ) await wait(20);
    };
    await more(60);
    await spawned.end('SIGKILL');
    ports = [one.port, two.port];
    await more(60);
    await servers[0]?.kill();
    await more(30);
    servers[0]?.start();
    await servers[0]?.whenHealthy();
    await servers[1]?.kill();
    await more(30);
    servers[1]?.start();
    // The node that was killed comes back, with what it had, and catches up.
    const again = spawnServer(t, args, env);
    ports = [...ports, await again.listening()];
    await more(60);
    for (const sender of senders) sender.stop();
    await Promise.all(running);
    const acknowledged = senders.flatMap((sender) => sender.acknowledged);
    for (const witness of witnesses) {
      await witness.until(() => acknowledged.every((body) => witness.bodies.includes(body)));
      assert.equal(witness.isReset, false);
      assert.equal(new Set(witness.bodies).size, witness.bodies.length, 'none is heard twice');
    }
    assert.equal(await again.end('SIGTERM'), 0);
    await Promise.all([one.close(), two.close()]);
    const [first, ...others] = folders.map(stored);
    const { bodies } = first ?? { bodies: [] };
    for (const body of acknowledged)
      assert.equal(bodies.filter((other) => other === body).length, 1, body);
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(
      witnesses.map(({ bodies }) => bodies),
      witnesses.map(() => bodies),
    );
  });
});
