import { isKnownFormat, NEWEST_FORMAT } from '../core/format.ts';
import type { Checkpoint, ReplicaPosition } from '../core/replication.ts';
import { Envelope } from './envelope.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { readFounding } from './founding.ts';
import { HeardVoters } from './heard-voters.ts';
import { NatsBus } from './nats-bus.ts';
import { openStream } from './open-stream.ts';
import type { SnapshotDescription } from './snapshot-messages.ts';

interface Options {
  readonly servers: readonly string[];
  readonly key: Buffer;
  /** How far the store of this node is in a shared log; `undefined` for an empty one. */
  readonly own: Pick<ReplicaPosition, 'epoch' | 'place' | 'format'> | undefined;
  /** Where to write the copy of another node's store. */
  readonly file: string;
  /** What such a copy says was decided. */
  readonly checkpoints: (file: string) => readonly Checkpoint[];
  readonly onProgress: (received: number, snapshot: SnapshotDescription) => void;
}

/**
 * Fetches the store of another node, where the log no longer has what follows on that of this one, or
 * has it in a format that this version no longer knows.
 * @returns what was fetched, with the last place where the others are known to have decided the same;
 * `undefined` where nothing was needed
 * @throws StartupError where no node sends it
 */
export async function fetchHistory({ servers, key, own, checkpoints, ...parts }: Options) {
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
    const { epoch } = founding;
    const voters = new HeardVoters(new NatsBus(connection, envelope), epoch);
    let compared: number | null = null;
    const check = async (file: string) => {
      const verdict = await voters.compare(checkpoints(file));
      if (verdict && !verdict.isRight)
        throw new Error(`it differs from the nodes of ${verdict.hosts}`);
      compared = verdict?.place ?? null;
    };
    const { place } = await fetchSnapshot({ connection, envelope, check, ...parts });
    return { epoch, place, compared };
  } finally {
    await connection.close();
  }
}
