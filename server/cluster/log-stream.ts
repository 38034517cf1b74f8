import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { StartupError } from '../core/errors.ts';
import type { Founding } from '../core/replication.ts';
import { LogServers } from './log-servers.ts';
import { NANOS_PER_MS } from './nanoseconds.ts';
import { quorumAgeMs } from './quorum-age.ts';
import { retry, START_MS } from './retry.ts';

export const STREAM = 'TYPHOON_LOG';
const META = 'TYPHOON_META';
const FOUNDING = 'typhoon.meta.founding';
/** All rooms are in one shard; the subject leaves room for more. */
const SUBJECT = 'typhoon.log.0';

const HOUR_NANOS = 3_600_000 * NANOS_PER_MS;
/** The archive is the store of each node. A node that was away for longer needs a copy of another's. */
const MAX_AGE_NANOS = 24 * HOUR_NANOS;
const MAX_BYTES = 4 * 1024 ** 3;
/** Within this time a message that is sent again counts once. */
const DUPLICATES_NANOS = 120_000 * NANOS_PER_MS;
const HEARTBEAT_NANOS = 500 * NANOS_PER_MS;
/** A consumer whose node is gone is removed. */
const INACTIVE_NANOS = 5_000 * NANOS_PER_MS;
const REQUEST_MS = 2_000;
/** There is something under the subject already (nats-server/server/errors.json). */
const WRONG_LAST_SEQUENCE = 10_071;
const NO_MESSAGE = 10_037;

/** What the engine has at a place. */
interface StoredEntry {
  readonly id: string;
  readonly at: number;
}

/** The places that the engine still has. */
interface StoredRange {
  readonly first: number;
  readonly last: number;
  /**
   * How long ago the server that says so heard of a quorum, in milliseconds. One that is cut off from the
   * others takes itself for the leader for up to ten seconds, while they elect another.
   */
  readonly quorumAgeMs: number;
}

/** The log in JetStream: a stream, and what is known of it. */
export class LogStream {
  readonly connection: NatsConnection;
  readonly servers: LogServers;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;

  private constructor(connection: NatsConnection, manager: JetStreamManager) {
    this.connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection, { timeout: REQUEST_MS });
    const ask = () => manager.streams.info(STREAM);
    this.servers = new LogServers(ask, connection.info?.server_name ?? '');
  }

  /**
   * Creates the streams where there are none.
   * @param replicas servers that store each entry
   * @throws StartupError where the engine does not answer within a minute
   */
  static async open(connection: NatsConnection, replicas: number): Promise<LogStream> {
    try {
      return await retry(START_MS, async () => {
        const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
        const shared = {
          storage: StorageType.File,
          retention: RetentionPolicy.Limits,
          num_replicas: replicas,
          deny_delete: true,
        };
        await manager.streams.add({
          ...shared,
          name: STREAM,
          subjects: ['typhoon.log.>'],
          max_age: MAX_AGE_NANOS,
          max_bytes: MAX_BYTES,
          discard: DiscardPolicy.Old,
          duplicate_window: DUPLICATES_NANOS,
          deny_purge: true,
        });
        await manager.streams.add({
          ...shared,
          name: META,
          subjects: ['typhoon.meta.>'],
          max_msgs_per_subject: 1,
        });
        return new LogStream(connection, manager);
      });
    } catch (error) {
      const { message } = error as Error;
      throw new StartupError(
        `JetStream is not available on the servers of --cluster (${message}).`,
      );
    }
  }

  /**
   * How the log was founded. The first node to ask founds it.
   * @param own what this node would found it with
   */
  async founding(
    own: () => Founding,
    seal: (founding: Founding) => Uint8Array,
    unseal: (sealed: Uint8Array) => Founding,
  ): Promise<Founding> {
    const known = await this.founded(unseal);
    if (known) return known;
    const founding = own();
    try {
      const expect = { lastSubjectSequence: 0 };
      await this.#client.publish(FOUNDING, seal(founding), { expect });
      return founding;
    } catch (error) {
      if (codeOf(error) !== WRONG_LAST_SEQUENCE) throw error;
      const other = await this.founded(unseal);
      if (!other) throw error;
      return other;
    }
  }

  /** How the log was founded; `undefined` where it was not yet. */
  async founded(unseal: (sealed: Uint8Array) => Founding): Promise<Founding | undefined> {
    const known = await retry(START_MS, () => this.#metadata());
    return known && unseal(known);
  }

  async #metadata(): Promise<Uint8Array | undefined> {
    return (await stored(this.#manager.streams.getMessage(META, { last_by_subj: FOUNDING })))?.data;
  }

  /** Removes all of it from the servers. */
  async remove(): Promise<void> {
    for (const name of [STREAM, META]) await this.#manager.streams.delete(name);
  }

  async range(): Promise<StoredRange> {
    const { state, cluster } = await this.#manager.streams.info(STREAM);
    const age = quorumAgeMs(cluster?.replicas ?? []);
    return { first: state.first_seq, last: state.last_seq, quorumAgeMs: age };
  }

  /** What is at a place; `undefined` where there is nothing, or nothing any more. */
  async entryAt(place: number): Promise<StoredEntry | undefined> {
    const message = await stored(this.#manager.streams.getMessage(STREAM, { seq: place }));
    if (!message) return undefined;
    return { id: message.header.get('Nats-Msg-Id'), at: message.time.getTime() };
  }

  /** Resolves when a quorum of the servers has it. The same id counts once. */
  async publish(id: string, entry: Uint8Array): Promise<void> {
    const expect = { streamName: STREAM };
    await this.#client.publish(SUBJECT, entry, { msgID: id, expect, timeout: REQUEST_MS });
  }

  /** Has the engine send all entries from a place on to a subject, with a heartbeat between them. */
  async consume(subject: string, from: number): Promise<void> {
    await this.#manager.consumers.add(STREAM, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      deliver_subject: subject,
      replay_policy: ReplayPolicy.Instant,
      flow_control: true,
      idle_heartbeat: HEARTBEAT_NANOS,
      inactive_threshold: INACTIVE_NANOS,
      mem_storage: true,
      num_replicas: 1,
    });
  }
}

async function stored<T>(message: Promise<T | null>): Promise<T | undefined> {
  try {
    return (await message) ?? undefined;
  } catch (error) {
    if (codeOf(error) === NO_MESSAGE) return undefined;
    throw error;
  }
}

/** The engine's own code of an error. */
function codeOf(error: unknown): number | undefined {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'number' ? code : undefined;
}
