import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from './connect.ts';
import { Envelope } from './envelope.ts';
import type { SnapshotDescription } from './snapshot-messages.ts';
import { SnapshotSender } from './snapshot-sender.ts';

interface Parts {
  readonly servers: readonly string[];
  readonly key: Buffer;
  /** Whether this node has all of the log. */
  readonly isLevel: () => boolean;
  /** The database, and where a copy of it may be put; without files there are no snapshots of this node. */
  readonly files: { readonly database: string; readonly copy: string } | undefined;
  /** Copies a database as it is after its last commit, and says which place that was. */
  readonly copyStore: (database: string, copy: string) => Promise<number>;
  readonly onSnapshotSent: (snapshot: SnapshotDescription) => void;
}

/** What a node does for the others, over a connection of its own: messages do not wait behind it. */
export class ClusterNode {
  readonly #connection: NatsConnection;
  readonly #snapshots: SnapshotSender | undefined;

  constructor(connection: NatsConnection, parts: Parts) {
    this.#connection = connection;
    const { key, isLevel, files, copyStore, onSnapshotSent: onSent } = parts;
    const envelope = new Envelope(key);
    if (files) {
      const { database, copy: file } = files;
      const copy = (to: string) => copyStore(database, to);
      this.#snapshots = new SnapshotSender({
        ...{ connection, envelope, database, file, copy, isLevel, onSent },
      });
    }
  }

  async close(): Promise<void> {
    await this.#snapshots?.close();
    await this.#connection.close();
  }
}

/** @throws StartupError where none of the servers can be reached */
export async function openNode(parts: Parts): Promise<ClusterNode> {
  return new ClusterNode(await connectNats(parts.servers), parts);
}
