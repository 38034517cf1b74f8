import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import { deriveKey } from './auth/load-keyring.ts';
import { copyReplica } from './backup/replica-copy.ts';
import type { ClusterNode } from './cluster/cluster-node.ts';
import type { Config } from './config.ts';
import type { Bus } from './core/bus.ts';
import type { Counters } from './core/counters.ts';
import { StartupError } from './core/errors.ts';
import { GroupCommitLog } from './core/group-commit-log.ts';
import type { LogObserver, Undated } from './core/log.ts';
import type { SharedFiles } from './core/shared-files.ts';
import type { ChatChange, ChatLog } from './features/change.ts';
import { type Event, isKnownEvent } from './features/events.ts';
import type { Store } from './features/store.ts';
import { measuredStore } from './monitor/measured-store.ts';
import type { OperatorLog } from './operator-log.ts';
import type { DataDir } from './storage/data-dir.ts';
import { DATABASE } from './storage/file-names.ts';

/** A copy of the database, while another node reads it. */
const SENT = 'sent.sqlite';

interface Parts {
  readonly store: Store;
  /** The place of the snapshot that was fetched for it just now. */
  readonly copiedPlace: number | undefined;
  readonly folder: DataDir;
  readonly counters: Counters;
  readonly observer: LogObserver;
  readonly operatorLog: OperatorLog;
  /** Is called where the server must not go on. */
  readonly onFatal: () => void;
}

interface Cluster {
  readonly bus: Bus;
  readonly files: SharedFiles;
  close(): Promise<unknown>;
}

export type NodeState = ClusterNode<Undated<Event>, ChatChange>;

interface OpenedLog {
  readonly log: ChatLog;
  /** What it shares with the other nodes; nothing where the server is alone. */
  readonly cluster: Cluster | undefined;
  /** To be started when the listeners of the log are registered; where the server is alone, there is none. */
  readonly node: NodeState | undefined;
}

/**
 * Opens the log: that of the cluster, if there is one, else the server's own.
 * @throws StartupError
 */
export async function openLog(
  config: Config,
  { store, copiedPlace, folder, counters, observer, operatorLog, onFatal }: Parts,
): Promise<OpenedLog> {
  const { cluster, secret, data } = config;
  if (cluster.length === 0) {
    if (await store.replica.position()) throw new StartupError(notAlone(data));
    const log = new GroupCommitLog(measuredStore(store, counters), observer);
    return { log, cluster: undefined, node: undefined };
  }
  if (secret === undefined) throw new StartupError(NEEDS_SECRET);
  // A single server loads nothing of this.
  const [{ joinCluster }, { openCluster }, { ClusterNode }, { isOutdated }] = await Promise.all([
    import('./cluster/join.ts'),
    import('./cluster/open-cluster.ts'),
    import('./cluster/cluster-node.ts'),
    import('./cluster/nats-version.ts'),
  ]);
  const key = deriveKey(secret, 'cluster');
  const log = await joinCluster<Undated<Event>, ChatChange>({
    servers: cluster,
    key,
    store: store.replica,
    observer,
    isKnown: isKnownEvent,
    onFault({ code, reason }) {
      operatorLog.report(code, { reason });
      onFatal();
    },
  });
  const { serverVersion: version } = log;
  if (isOutdated(version)) operatorLog.report('nats-outdated', { version });
  try {
    const shared = await openCluster(cluster, key);
    const node = new ClusterNode<Undated<Event>, ChatChange>({
      servers: cluster,
      key,
      log,
      bus: shared.bus,
      identity: {
        host: hostname(),
        version: manifest.version,
        config: configDigest(config, deriveKey(secret, 'cluster-config')),
      },
      store: store.replica,
      copiedPlace,
      formatRaised: (format) => ({ kind: 'format-raised', format }),
      files: filesOf(folder),
      copyStore: copyReplica,
      onSnapshotSent: (snapshot) => operatorLog.report('snapshot-sent', { ...snapshot }),
      onOtherConfig: (host) => operatorLog.report('cluster-config-differs', { host }),
    });
    return { log, cluster: shared, node };
  } catch (error) {
    await log.close();
    throw error;
  }
}

const NEEDS_SECRET =
  'A cluster needs CHAT_SECRET, the same on all of its nodes: openssl rand -base64 32 prints one.';

/** Equal on two nodes where the options are that all of them need alike; it does not give them away. */
function configDigest({ serverPassword, moderatorKey, keepDays }: Config, key: Buffer): string {
  const options = JSON.stringify([serverPassword ?? null, moderatorKey ?? null, keepDays]);
  return createHmac('sha256', key).update(options).digest('base64url');
}

/** A store in memory cannot be copied. */
function filesOf(folder: DataDir) {
  const [database, copy] = [folder.path(DATABASE), folder.path(SENT)];
  return database && copy ? { database, copy } : undefined;
}

function notAlone(data: string): string {
  return `The data directory ${data} is that of a node of a cluster: start it with --cluster.`;
}
