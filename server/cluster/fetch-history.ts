import { isKnownFormat, NEWEST_FORMAT } from '../core/format.ts';
import type { ReplicaPosition } from '../core/replication.ts';
import { Envelope } from './envelope.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { readFounding } from './founding.ts';
import { openStream } from './open-stream.ts';
import type { SnapshotDescription } from './snapshot-messages.ts';

interface Options {
  readonly servers: readonly string[];
  readonly key: Buffer;
  /** How far the store of this node is in a shared log; `undefined` for an empty one. */
  readonly own: Pick<ReplicaPosition, 'epoch' | 'place' | 'format'> | undefined;
  /** Where to write the copy of another node's store. */
  readonly file: string;
  readonly onProgress: (received: number, snapshot: SnapshotDescription) => void;
}

/**
 * Fetches the store of another node, where the log no longer has what follows on that of this one, or
 * has it in a format that this version no longer knows.
 * @returns what was fetched, `undefined` where nothing was needed
 * @throws StartupError where no node sends it
 */
export async function fetchHistory({ servers, key, own, ...parts }: Options) {
  const stream = await openStream(servers);
  const { connection } = stream;
  try {
    const envelope = new Envelope(key);
    const founding = await stream.founded((sealed) => readFounding(envelope, sealed));
    // Of another log, or a newer one: whether it may join is decided when it does.
    if (!founding || (own && own.epoch !== founding.epoch)) return undefined;
    const { format } = own ?? founding;
    if (format > NEWEST_FORMAT) return undefined;
    const { first } = await stream.range();
    const isComplete = own ? first <= own.place + 1 : founding.base === 0 && first <= 1;
    if (isComplete && isKnownFormat(format)) return undefined;
    const { place } = await fetchSnapshot({ connection, envelope, ...parts });
    return { epoch: founding.epoch, place };
  } finally {
    await connection.close();
  }
}
