import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePorts } from '../../../scripts/free-ports.ts';
import { type NatsServer, natsServers } from '../../../scripts/nats.ts';
import { storedIn } from '../../support/cluster.ts';
import { type Scope, temporaryFolder } from '../../support/server.ts';
import { explain } from './explain.ts';
import { Link } from './link.ts';
import { ProcessNode } from './process-node.ts';
import { newToken, ROOM, Sender } from './sender.ts';
import { Witness } from './witness.ts';

const COUNT = 3;

interface Options {
  /** The command that runs the last of the nodes, and its environment. */
  readonly within?: (data: string) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The command that runs each NATS server. */
  readonly natsWithin?: (data: string) => readonly string[];
}

/** The way from a NATS server, by its index, to another. */
interface Route {
  readonly from: number;
  readonly to: number;
  readonly link: Link;
}

/**
 * Three NATS servers, three nodes, each a process, and clients of each node: senders, and witnesses of what
 * is sent. A disturbance ends with `settle`, which checks what must hold after each.
 */
export class ChaosCluster {
  readonly servers: readonly NatsServer[];
  readonly nodes: readonly ProcessNode[];
  /** The ways from each node to each NATS server. */
  readonly links: readonly (readonly Link[])[];
  /** The ways from each NATS server to each other one. */
  readonly routes: readonly Route[];
  readonly #t: TestContext;
  #senders: readonly Sender[] = [];
  #witnesses: readonly Witness[] = [];
  #isOver = false;

  private constructor(
    t: TestContext,
    parts: Pick<ChaosCluster, 'servers' | 'nodes' | 'links' | 'routes'>,
  ) {
    this.#t = t;
    this.servers = parts.servers;
    this.nodes = parts.nodes;
    this.links = parts.links;
    this.routes = parts.routes;
  }

  /** Resolves when all nodes are up and clients are sending. */
  static async start(t: TestContext, options: Options = {}): Promise<ChaosCluster> {
    const ends: (() => unknown)[] = [];
    const scope: Scope = { after: (end) => void ends.push(end) };
    t.after(async () => {
      for (const end of ends.reverse()) await end();
    });
    const folder = temporaryFolder(scope);
    const routes: Route[] = [];
    const servers = await natsServers(folder, async (from, to, port) => {
      const link = await Link.open(scope, port);
      routes.push({ from, to, link });
      return link.port;
    });
    scope.after(() => Promise.all(servers.map((server) => server.kill())).then(() => {}));
    for (const server of servers) server.start(options.natsWithin?.(server.data));
    const ports = await freePorts(COUNT);
    const links: Link[][] = [];
    const nodes: ProcessNode[] = [];
    for (const [index, port] of ports.entries()) {
      const own = await Promise.all(servers.map((server) => Link.open(scope, server.port)));
      const data = temporaryFolder(scope);
      const urls = own.map((link) => `nats://127.0.0.1:${link.port}`);
      const node = new ProcessNode({
        ...{ port, data, urls },
        ...(index === COUNT - 1 && { env: options.env, within: options.within?.(data) }),
      });
      scope.after(() => node.kill());
      links.push(own);
      nodes.push(node);
    }
    const cluster = new ChaosCluster(t, { servers, nodes, links, routes });
    scope.after(() => {
      cluster.#isOver = true;
    });
    for (const node of nodes) {
      node.start();
      await node.whenListening();
    }
    await cluster.#startClients(scope);
    return cluster;
  }

  async #startClients(scope: Scope): Promise<void> {
    const ports = this.nodes.map(({ port }) => port);
    const [one = 0, two = 0, three = 0] = ports;
    const token = await newToken(one);
    this.#senders = ['a', 'b', 'c'].map((name, turn) => new Sender(name, turn, token, () => ports));
    scope.after(() => this.#senders.forEach((sender) => void sender.end()));
    this.#witnesses = [
      new Witness(scope, 'websocket', [one]),
      new Witness(scope, 'sse', [two]),
      new Witness(scope, 'websocket', [three]),
      new Witness(scope, 'sse', [three, one, two]),
    ];
    await Promise.all(this.#witnesses.map((witness) => witness.start()));
    this.#resume();
    await this.more(30);
  }

  /** Resolves when so many more messages are acknowledged. */
  more(messages: number): Promise<void> {
    const until = async () => {
      for (const target = this.#acknowledged + messages; this.#acknowledged < target; )
        await this.#wait(20);
    };
    return explain(`${messages} more messages`, until(), () => this.#describe());
  }

  /** How many messages are acknowledged. */
  get #acknowledged(): number {
    return this.#senders.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  }

  /** Does something while nothing that was sent is on its way. */
  async whileQuiet(act: () => Promise<unknown>): Promise<void> {
    await this.#quiet();
    await act();
    this.#resume();
  }

  /** The NATS server that leads the log, and those that follow. */
  async roles(): Promise<readonly [NatsServer, NatsServer, NatsServer]> {
    const leader = await this.#leader((name) => name !== undefined);
    const [one, two] = this.servers.filter(({ name }) => name !== leader);
    const lead = this.servers.find(({ name }) => name === leader);
    if (!lead || !one || !two) throw new Error(`${leader} is none of three NATS servers.`);
    return [lead, one, two];
  }

  /** Resolves when a NATS server does not lead the log any more. */
  async whenDeposed({ name }: NatsServer): Promise<void> {
    await this.#leader((leader) => leader !== name);
  }

  /** The name of the NATS server that leads, as soon as it is one of these; `undefined` while none does. */
  async #leader(isOne: (name: string | undefined) => boolean): Promise<string | undefined> {
    const servers = this.servers.map(({ url }) => url);
    const connection = await connect({ servers, ignoreClusterUpdates: true });
    try {
      for (;;) {
        const leader = await leaderOf(connection);
        if (isOne(leader)) return leader;
        await wait(200);
      }
    } finally {
      await connection.close();
    }
  }

  /** Restarts the NATS server that leads, three times, so that others lead meanwhile. */
  async restartLeaders(): Promise<void> {
    for (let count = 0; count < COUNT; count += 1) {
      const [leader] = await this.roles();
      await leader.kill();
      await this.more(10);
      leader.start();
      await leader.whenHealthy();
    }
  }

  /** Cuts off a NATS server, by its index, from the other two: what it sends, what they send to it, or both. */
  isolate(server: number, ...flows: readonly ('from' | 'to')[]): void {
    for (const { from, to, link } of this.routes) {
      if (from !== server && to !== server) continue;
      for (const flow of flows) link.cut((flow === 'from') === (from === server) ? 'to' : 'back');
    }
  }

  /** Everybody reaches everybody again. */
  heal(): void {
    for (const link of [...this.links.flat(), ...this.routes.map(({ link }) => link)]) link.heal();
  }

  /**
   * Resolves when all is as it must be after a disturbance: what was acknowledged is in every store once,
   * stores and digests are equal, every witness has heard all of it in order, and none was told of a gap.
   */
  settle(name: string): Promise<void> {
    return explain(name, this.#settle(name), () => this.#describe());
  }

  async #settle(name: string): Promise<void> {
    await this.more(30);
    await this.#quiet();
    await Promise.all(this.nodes.map((node) => node.whenUp()));
    const acknowledged = this.#senders.flatMap((sender) => sender.acknowledged);
    const bodies = await this.#equalStores();
    const counts = Map.groupBy(bodies, (body) => body);
    for (const body of acknowledged) assert.equal(counts.get(body)?.length, 1, `${name}: ${body}`);
    for (const witness of this.#witnesses) {
      await witness.until(() => witness.bodies.length >= bodies.length);
      assert.deepEqual(witness.bodies, bodies, `${name}: ${witness.name}`);
      assert.equal(witness.isReset, false, `${name}: ${witness.name}`);
    }
    this.#report(name, acknowledged.length);
    this.#resume();
  }

  async #describe(): Promise<string> {
    const nodes = await Promise.all(
      this.nodes.map(async (node, index) => {
        const witness = this.#witnesses[index];
        const { place } = storedIn(node.readableData, ROOM).replica;
        return `${await node.describe()}; place ${place}; ${witness?.bodies.length} messages heard`;
      }),
    );
    return [`${this.#acknowledged} messages acknowledged`, ...nodes].join('\n');
  }

  /** Resolves when all that was sent is acknowledged. */
  async #quiet(): Promise<void> {
    await Promise.all(this.#senders.map((sender) => sender.stop()));
  }

  #resume(): void {
    for (const sender of this.#senders) sender.start();
    for (const witness of this.#witnesses) witness.pause.begin();
  }

  /** The messages in each store, when all nodes have applied the same. */
  async #equalStores(): Promise<readonly string[]> {
    for (;;) {
      const [first, ...others] = this.nodes.map(({ readableData }) => storedIn(readableData, ROOM));
      const isSamePlace = others.every(({ replica }) => replica.place === first?.replica.place);
      if (first && isSamePlace) {
        for (const other of others) assert.deepEqual(other, first);
        return first.bodies;
      }
      await this.#wait(100);
    }
  }

  /** @throws where what it waits for will not come: the test has ended, or a node has by itself */
  async #wait(ms: number): Promise<void> {
    assert.ok(!this.#isOver, 'The cluster has ended.');
    const ended = this.nodes.find(({ process }) => process.child.exitCode !== null);
    if (ended) throw new Error(await ended.describe());
    await wait(ms);
  }

  #report(name: string, acknowledged: number): void {
    const pauses = (all: readonly { readonly pause: { readonly seconds: number } }[]) =>
      all.map(({ pause }) => pause.seconds.toFixed(1)).join(', ');
    const [sent, heard] = [pauses(this.#senders), pauses(this.#witnesses)];
    this.#t.diagnostic(
      `${name}: ${acknowledged} acknowledged so far; longest pause of each sender ${sent} s, of each witness ${heard} s`,
    );
  }
}

async function leaderOf(connection: Parameters<typeof jetstreamManager>[0]) {
  try {
    const manager = await jetstreamManager(connection, { timeout: 1_000 });
    return (await manager.streams.info('TYPHOON_LOG')).cluster?.leader;
  } catch {
    return undefined;
  }
}
