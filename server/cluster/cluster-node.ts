import type { NatsConnection } from '@nats-io/transport-node';
import type { Bus } from '../core/bus.ts';
import type { Change } from '../core/change.ts';
import { NEWEST_FORMAT } from '../core/format.ts';
import type { ReplicaStore } from '../core/replication.ts';
import { type ClusterLog, MAX_BEHIND } from './cluster-log.ts';
import type { ClusterStatus } from './cluster-status.ts';
import { connectNats } from './connect.ts';
import { Envelope } from './envelope.ts';
import { Heartbeats, type NodeIdentity } from './heartbeats.ts';
import { Lease } from './lease.ts';
import type { SnapshotDescription } from './snapshot-messages.ts';
import { SnapshotSender } from './snapshot-sender.ts';

interface Parts<E, C extends Change> {
  readonly servers: readonly string[];
  readonly key: Buffer;
  readonly log: ClusterLog<E, C>;
  readonly bus: Bus;
  readonly identity: Omit<NodeIdentity, 'epoch' | 'newestFormat'>;
  /** The place of the snapshot that the store began with, in this run. */
  readonly copiedPlace: number | undefined;
  readonly store: Pick<ReplicaStore<E, C>, 'checkpoints' | 'position'>;
  /** The event after which all nodes apply this format. */
  readonly formatRaised: (format: number) => E;
  /** The database, and where a copy of it may be put; without files there are no snapshots of this node. */
  readonly files: { readonly database: string; readonly copy: string } | undefined;
  /** Copies a database as it is after its last commit, and says which place that was. */
  readonly copyStore: (database: string, copy: string) => Promise<number>;
  readonly onSnapshotSent: (snapshot: SnapshotDescription) => void;
  readonly onOtherConfig: (host: string) => void;
}

/** What the server does for its node. */
export interface NodeServer {
  /** Nobody may read on here, or may again. */
  readonly onLapse: (hasLapsed: boolean) => void;
  /** Open connections, by transport. */
  readonly countConnections: () => ReadonlyMap<string, number>;
}

/** A node among the others: what it knows of them, and does for them. */
export class ClusterNode<E, C extends Change> {
  readonly #parts: Parts<E, C>;
  readonly #heartbeats: Heartbeats;
  readonly #lease: Lease;
  #server: NodeServer | undefined;
  /** Of its own: messages do not wait behind a snapshot. */
  #connection: NatsConnection | undefined;
  #snapshots: SnapshotSender | undefined;

  constructor(parts: Parts<E, C>) {
    const { bus, log, store, copiedPlace, formatRaised, onOtherConfig } = parts;
    this.#parts = parts;
    this.#heartbeats = new Heartbeats({
      bus,
      identity: { ...parts.identity, epoch: log.epoch, newestFormat: NEWEST_FORMAT },
      state: () => ({
        place: this.place,
        lag: this.lag,
        lack: this.lack ?? null,
        isLevel: this.#lease.isLevel,
        connections: Object.fromEntries(this.#server?.countConnections() ?? []),
      }),
      checkpoints: store.checkpoints,
      copiedPlace,
      format: async () => (await store.position())?.format ?? NEWEST_FORMAT,
      // What is not confirmed now is tried again.
      raiseFormat: (format) => void log.append(formatRaised(format)).catch(() => undefined),
      onFault: (reason) => log.fail({ code: 'cluster-fault', reason }),
      onOtherConfig,
    });
    this.#lease = new Lease({
      ageMs: () => log.ageMs,
      mayOthersBeLevel: () => this.#heartbeats.mayOthersBeLevel,
      onLapse: (hasLapsed) => this.#server?.onLapse(hasLapsed),
    });
  }

  /** Resolves when this node has all of the log. @throws StartupError */
  async start(server: NodeServer): Promise<void> {
    this.#server = server;
    const { log, servers, files } = this.#parts;
    await log.start();
    this.#lease.start();
    this.#heartbeats.start();
    if (!files) return;
    this.#connection = await connectNats(servers);
    this.#snapshots = this.#openSender(this.#connection, files);
  }

  get place(): number {
    return this.#parts.log.place;
  }

  /** How many places another node is ahead of this one. */
  get lag(): number {
    return Math.max(0, this.#heartbeats.highestPlace - this.place);
  }

  /** Why this node may lack what others have; `undefined` where it has all that is known of. */
  get lack(): 'behind' | 'cut-off' | undefined {
    const { lack } = this.#parts.log;
    if (lack || this.lag > MAX_BEHIND) return lack ?? 'behind';
    return this.#lease.hasLapsed ? 'cut-off' : undefined;
  }

  /** Whether nobody is let in, and nothing is accepted. */
  get isStalled(): boolean {
    return this.#lease.hasLapsed || this.#parts.log.isStalled;
  }

  async status(): Promise<ClusterStatus> {
    const servers = await this.#parts.log.servers.read();
    return { nodes: this.#heartbeats.nodes, servers };
  }

  async close(): Promise<void> {
    this.#heartbeats.close();
    this.#lease.close();
    await this.#snapshots?.close();
    await this.#connection?.close();
  }

  #openSender(
    connection: NatsConnection,
    { database, copy }: { readonly database: string; readonly copy: string },
  ): SnapshotSender {
    const { key, copyStore, onSnapshotSent } = this.#parts;
    return new SnapshotSender({
      connection,
      envelope: new Envelope(key),
      database,
      file: copy,
      copy: (file) => copyStore(database, file),
      isLevel: () => this.lack === undefined && !this.#heartbeats.isInMinority,
      onSent: onSnapshotSent,
    });
  }
}
