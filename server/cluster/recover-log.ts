import { setTimeout as wait } from 'node:timers/promises';
import { StartupError } from '../core/errors.ts';
import type { Founding, ReplicaPosition } from '../core/replication.ts';
import { Envelope } from './envelope.ts';
import { readFounding, sealFounding } from './founding.ts';
import { HEARTBEAT, LISTEN_MS } from './heartbeats.ts';
import type { LogStream } from './log-stream.ts';
import { openBus } from './open-cluster.ts';
import { openStream } from './open-stream.ts';
import { retry, START_MS } from './retry.ts';
import { tipFault } from './tip.ts';

interface Cluster {
  readonly servers: readonly string[];
  readonly key: Buffer;
}

/**
 * Why the log on these servers cannot be continued from a store.
 * @throws StartupError where it can be, where nodes are running, or where another store should be used
 */
export async function whyRecover(cluster: Cluster, own: ReplicaPosition): Promise<string> {
  await assertNoNodes(cluster);
  const stream = await openStream(cluster.servers);
  try {
    const envelope = new Envelope(cluster.key);
    const founding = await stream.founded((sealed) => readFounding(envelope, sealed));
    if (!founding) return 'the servers have no log';
    return founding.epoch === own.epoch ? await faultOf(stream, own) : unfinished(own);
  } finally {
    await stream.connection.close();
  }
}

/** Removes the log from the servers, and begins another one there. */
export async function replaceLog({ servers, key }: Cluster, founding: Founding): Promise<void> {
  const old = await openStream(servers);
  try {
    await old.remove();
  } finally {
    await old.connection.close();
  }
  const stream = await openStream(servers);
  const envelope = new Envelope(key);
  try {
    const { epoch } = await stream.founding(
      () => founding,
      (own) => sealFounding(envelope, own),
      (sealed) => readFounding(envelope, sealed),
    );
    if (epoch !== founding.epoch) {
      throw new StartupError('Another node has founded the log meanwhile: stop all nodes.');
    }
  } finally {
    await stream.connection.close();
  }
}

/** @throws StartupError where one is heard */
async function assertNoNodes({ servers, key }: Cluster): Promise<void> {
  const bus = await openBus(servers, key);
  try {
    const nodes = new Set<string>();
    bus.hear(HEARTBEAT, (_, node) => nodes.add(node));
    await wait(LISTEN_MS);
    if (nodes.size === 0) return;
    throw new StartupError(
      `Nodes of the cluster are running (${nodes.size}): stop all of them first. Nothing was changed.`,
    );
  } finally {
    await bus.close();
  }
}

async function faultOf(stream: LogStream, own: ReplicaPosition): Promise<string> {
  const fault = await retry(START_MS, () => tipFault(stream, own));
  if (!fault) {
    throw new StartupError(
      'The log of the cluster and this node agree: start the node. Nothing was changed.',
    );
  }
  const { first } = await stream.range();
  if (first <= own.place + 1) return fault;
  throw new StartupError(
    `Other nodes are further: ${fault}. Start one of them, then this one. Nothing was changed.`,
  );
}

/** A log of another epoch is replaced only where this command was interrupted before. */
function unfinished({ place }: ReplicaPosition): string {
  if (place === 0) return 'the log on the servers is the one before the recovery';
  throw new StartupError(
    'The servers have the log of another cluster, or of one that was recovered from another node. ' +
      'Nothing was changed.',
  );
}
