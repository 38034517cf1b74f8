import type { Change } from '../core/change.ts';
import { StartupError } from '../core/errors.ts';
import { assertKnownFormat, NEWEST_FORMAT } from '../core/format.ts';
import type { LogObserver, LogPosition } from '../core/log.ts';
import { baseAfter, type Founding, type ReplicaStore } from '../core/replication.ts';
import { ClusterLog } from './cluster-log.ts';
import { Envelope } from './envelope.ts';
import { type ClusterFault, sentence } from './fault.ts';
import { readFounding, sealFounding } from './founding.ts';
import { openStream } from './open-stream.ts';
import { retry, START_MS } from './retry.ts';
import { tipFault } from './tip.ts';

interface JoinOptions<E, C extends Change> {
  /** URLs of NATS servers. */
  readonly servers: readonly string[];
  /** 32 bytes, the same on all nodes. */
  readonly key: Buffer;
  readonly store: ReplicaStore<E, C>;
  readonly observer: LogObserver;
  /** Whether this version can apply an event. */
  readonly isKnown: (event: E) => boolean;
  /** The node must not go on. */
  readonly onFault: (fault: ClusterFault) => void;
}

/**
 * Joins the cluster whose log these servers store, or founds it: a server with a history of its own
 * becomes the first node, and its cursors stay valid.
 * @throws StartupError where that is impossible
 */
export async function joinCluster<E, C extends Change>({
  servers,
  key,
  store,
  observer,
  isKnown,
  onFault,
}: JoinOptions<E, C>): Promise<ClusterLog<E, C>> {
  const stream = await openStream(servers);
  try {
    const envelope = new Envelope(key);
    const own = await store.own();
    const joined = await store.position();
    const founding = await stream.founding(
      () => joined ?? { epoch: own.epoch, base: baseAfter(own.head), format: NEWEST_FORMAT },
      (founding) => sealFounding(envelope, founding),
      (sealed) => readFounding(envelope, sealed),
    );
    if (!joined) await adopt(store, own, founding);
    const position = await store.position();
    if (position?.epoch !== founding.epoch) throw new StartupError(OTHER_CLUSTER);
    assertKnownFormat(position.format);
    const fault = await retry(START_MS, () => tipFault(stream, position));
    if (fault) throw new StartupError(`${sentence(fault)} ${COPY}`);
    const { head } = await store.own();
    const start = { ...position, head };
    return new ClusterLog({ stream, store, envelope, observer, start, isKnown, onFault });
  } catch (error) {
    await stream.connection.close();
    throw error;
  }
}

const COPY =
  'Nothing was changed. Move the data directory of this node away, and start it again: with an empty ' +
  'directory it fetches the history from another node. See docs/cluster.md.';
const OTHER_CLUSTER = `The data directory belongs to another log than that of --cluster. ${COPY}`;

/** An empty store, or that of the founder, becomes part of the log. */
async function adopt<E, C extends Change>(
  store: ReplicaStore<E, C>,
  own: LogPosition,
  founding: Founding,
): Promise<void> {
  const isFounder = own.epoch === founding.epoch;
  if (!isFounder && own.head > 0) throw new StartupError(OTHER_CLUSTER);
  if (!isFounder && founding.base > 0) {
    throw new StartupError(
      `The cluster began with a history that this node does not have. ${COPY}`,
    );
  }
  await store.join(founding);
}
