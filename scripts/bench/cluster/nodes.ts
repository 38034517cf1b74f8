import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { STREAM } from '../../../server/cluster/log-stream.ts';
import { type NatsServer, natsServers } from '../../nats.ts';
import { type Contender, shipped, socketIoWithRedis } from '../contenders.ts';
import { connected } from '../load-clients.ts';
import type { Used } from '../run.ts';
import { MeasuredServer } from '../server.ts';
import { Waiter } from '../waiters.ts';
import { RedisServer } from './redis.ts';

/** What a node finds in its environment. */
const VARIABLES = ['CHAT_CLUSTER', 'CHAT_SECRET', 'REDIS_URL'] as const;

/** Nodes that share what is posted, or one server alone, each with its waiters. */
export class Nodes {
  readonly #contender: Contender;
  readonly #servers: MeasuredServer[] = [];
  readonly #nats: readonly NatsServer[];
  readonly #redis: RedisServer | undefined;
  readonly #folder: string;
  /** The waiters of each node. */
  readonly waiters: Waiter[][] = [];

  private constructor(
    contender: Contender,
    { nats = [], redis }: { nats?: readonly NatsServer[]; redis?: RedisServer } = {},
    folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-')),
  ) {
    this.#contender = contender;
    this.#nats = nats;
    this.#redis = redis;
    this.#folder = folder;
  }

  /** A server that is no cluster. */
  static async single(waiters: number): Promise<Nodes> {
    return new Nodes(shipped).with(1, waiters);
  }

  /** A cluster: three NATS servers, and a number of nodes. */
  static async cluster(count: number, waiters: number): Promise<Nodes> {
    const folder = mkdtempSync(join(tmpdir(), 'typhoon-bench-'));
    const nats = await natsServers(folder);
    for (const server of nats) server.start();
    process.env.CHAT_SECRET = randomBytes(24).toString('base64');
    process.env.CHAT_CLUSTER = nats.map(({ url }) => url).join(',');
    return new Nodes(shipped, { nats }, folder).with(count, waiters);
  }

  /** Socket.IO with its Redis adapter: a Redis server, and a number of nodes. */
  static async socketIo(count: number, waiters: number): Promise<Nodes> {
    const redis = await RedisServer.start();
    process.env.REDIS_URL = redis.url;
    return new Nodes(socketIoWithRedis, { redis }).with(count, waiters);
  }

  private async with(count: number, waiters: number): Promise<this> {
    for (let n = 0; n < count; n += 1) await this.add(waiters);
    return this;
  }

  /**
   * Starts another node.
   * @returns how long it took until its first page
   */
  async add(waiters: number): Promise<number> {
    const server = await MeasuredServer.start(this.#contender);
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
    for (const name of VARIABLES) delete process.env[name];
    await Promise.all(this.#servers.map((server) => server.stop()));
    await Promise.all(this.waiters.flat().map((waiter) => waiter.close()));
    await Promise.all([...this.#nats, this.#redis].map((server) => server?.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
