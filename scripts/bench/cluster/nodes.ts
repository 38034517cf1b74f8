import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { STREAM } from '../../../server/cluster/log-stream.ts';
import { type NatsServer, natsServers } from '../../nats.ts';
import { shipped } from '../contenders.ts';
import { connected } from '../load-clients.ts';
import type { Used } from '../run.ts';
import { MeasuredServer } from '../server.ts';
import { Waiter } from '../waiters.ts';

/** Nodes that share a log, or one server alone, each with its waiters. */
export class Nodes {
  readonly #servers: MeasuredServer[] = [];
  readonly #nats: readonly NatsServer[];
  readonly #folder: string;
  /** The waiters of each node. */
  readonly waiters: Waiter[][] = [];

  private constructor(nats: readonly NatsServer[], folder: string) {
    this.#nats = nats;
    this.#folder = folder;
  }

  /** A server that is no cluster. */
  static async single(waiters: number): Promise<Nodes> {
    const nodes = new Nodes([], mkdtempSync(join(tmpdir(), 'typhoon-bench-')));
    await nodes.add(waiters);
    return nodes;
  }

  /** A cluster: three NATS servers, and a number of nodes. */
  static async cluster(count: number, waiters: number): Promise<Nodes> {
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
    const nodes = new Nodes(await natsServers(folder), folder);
    for (const server of nodes.#nats) server.start();
    process.env.CHAT_SECRET = randomBytes(24).toString('base64');
    process.env.CHAT_CLUSTER = nodes.#nats.map(({ url }) => url).join(',');
    for (let n = 0; n < count; n += 1) await nodes.add(waiters);
    return nodes;
  }

  /**
   * Starts another node.
   * @returns how long it took until its first page
   */
  async add(waiters: number): Promise<number> {
    const server = await MeasuredServer.start(shipped);
    this.#servers.push(server);
    this.waiters.push(await connected(waiters, 0, () => new Waiter(server)));
    return server.startMs;
  }

  /** All nodes together. */
  get used(): Used {
    return {
      usage: async () => {
        const all = await Promise.all(this.#servers.map((server) => server.usage()));
        const sum = (key: keyof (typeof all)[0]) => all.reduce((total, one) => total + one[key], 0);
        return { cpuSeconds: sum('cpuSeconds'), memoryBytes: sum('memoryBytes') };
      },
    };
  }

  /** Kills the NATS server that leads the log. The others elect another one. */
  async killLeader(): Promise<void> {
    const connection = await connect({ servers: this.#nats.map(({ url }) => url) });
    const { cluster } = await (await jetstreamManager(connection)).streams.info(STREAM);
    await connection.close();
    await this.#nats.find(({ name }) => name === cluster?.leader)?.kill();
  }

  async stop(): Promise<void> {
    delete process.env.CHAT_CLUSTER;
    delete process.env.CHAT_SECRET;
    await Promise.all(this.#servers.map((server) => server.stop()));
    await Promise.all(this.waiters.flat().map((waiter) => waiter.close()));
    await Promise.all(this.#nats.map((server) => server.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
