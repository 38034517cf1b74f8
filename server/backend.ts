import type { Keyring } from './auth/keyring.ts';
import { loadKeyring } from './auth/load-keyring.ts';
import type { NodeServer } from './cluster/cluster-node.ts';
import type { Config } from './config.ts';
import type { Bus } from './core/bus.ts';
import type { Counters } from './core/counters.ts';
import type { LogObserver } from './core/log.ts';
import type { SharedFiles } from './core/shared-files.ts';
import type { ChatLog } from './features/change.ts';
import { Store, type StoreReader } from './features/store.ts';
import { StoreMonitor } from './features/store-monitor.ts';
import type { CommonMetrics } from './monitor/monitor.ts';
import { type NodeState, openLog } from './open-log.ts';
import type { OperatorLog } from './operator-log.ts';
import { fetchSharedHistory } from './shared-history.ts';
import { type DataDir, openDataDir } from './storage/data-dir.ts';

/** What is shared with the other processes that serve the same log. */
interface Shared {
  readonly bus: Bus;
  /** Where they have disks of their own. */
  readonly files?: SharedFiles | undefined;
}

/** The log and the store behind an app. */
export interface Backend {
  readonly folder: DataDir;
  /** The path of the directory of attachments. */
  readonly files: string;
  readonly store: StoreReader;
  readonly keys: Keyring;
  readonly log: ChatLog;
  /** `undefined` where this process is the only one. */
  readonly shared: Shared | undefined;
  /** Of a node of a cluster. */
  readonly node: NodeState | undefined;
  /** Whether another process on the same data directory does what is done once. */
  readonly isWorker: boolean;
  /**
   * Call it when the listeners of the log are registered. Resolves when this process has all of the log.
   * @throws StartupError
   */
  start(server: NodeServer): Promise<void>;
  /** Where all processes of the server are measured; `undefined` where this is the only one. */
  readonly metrics: CommonMetrics | undefined;
  /** Resolves when this process may accept connections. */
  mayListen(): Promise<void>;
  /** Other nodes get nothing of this one any more. The log stays open. */
  leave(): Promise<void>;
  /** Call it when the log is closed. */
  close(): Promise<void>;
}

export interface BackendParts {
  readonly counters: Counters;
  readonly observer: LogObserver;
  readonly operatorLog: OperatorLog;
  /** Is called where the server must not go on. */
  readonly onFatal: () => void;
}

/**
 * Opens the data directory of this server, and its log: that of the cluster, if there is one.
 * @throws StartupError, and nothing stays open
 */
export async function openBackend(config: Config, parts: BackendParts): Promise<Backend> {
  const { operatorLog, onFatal } = parts;
  const storage = await openStorage(config, operatorLog, onFatal);
  const { folder, files, store, copiedPlace, keys } = storage;
  const closeStorage = async () => {
    await store.close();
    folder.release();
  };
  const exposed = folder.exposed();
  if (exposed.length > 0) operatorLog.report('data-exposed', { paths: exposed });
  try {
    const { log, cluster, node } = await openLog(config, { store, copiedPlace, folder, ...parts });
    return {
      ...{ folder, files, store, keys, log, node },
      ...{ shared: cluster, isWorker: false, metrics: undefined },
      start: async (server) => node?.start(server),
      mayListen: () => Promise.resolve(),
      leave: async () => node?.close(),
      async close() {
        await cluster?.close();
        await closeStorage();
      },
    };
  } catch (error) {
    await closeStorage();
    throw error;
  }
}

/** All that is stored between two starts. If a part of it cannot be opened, none stays open. */
async function openStorage(config: Config, operatorLog: OperatorLog, onFatal: () => void) {
  const folder = openDataDir(config.data);
  let store: Store | undefined;
  try {
    const copiedPlace = await fetchSharedHistory(config, folder, operatorLog);
    store = await Store.open(folder, new StoreMonitor(operatorLog, onFatal));
    // After the database: a secret without a database is a sign that one is missing.
    const keys = loadKeyring(folder, Date.now(), config.secret);
    return { folder, files: folder.subdir('files'), store, copiedPlace, keys };
  } catch (error) {
    await store?.close();
    folder.release();
    throw error;
  }
}
