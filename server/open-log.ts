import { deriveKey } from './auth/load-keyring.ts';
import type { Config } from './config.ts';
import type { Bus } from './core/bus.ts';
import type { Counters } from './core/counters.ts';
import { StartupError } from './core/errors.ts';
import { GroupCommitLog } from './core/group-commit-log.ts';
import type { LogObserver, Undated } from './core/log.ts';
import type { ChatChange, ChatLog } from './features/change.ts';
import type { Event } from './features/events.ts';
import type { Store } from './features/store.ts';
import { measuredStore } from './monitor/measured-store.ts';
import type { OperatorLog } from './operator-log.ts';

interface Parts {
  readonly store: Store;
  readonly counters: Counters;
  readonly observer: LogObserver;
  readonly operatorLog: OperatorLog;
  /** Is called where the server must not go on. */
  readonly onFatal: () => void;
}

interface ClosableBus extends Bus {
  close(): Promise<void>;
}

interface OpenedLog {
  readonly log: ChatLog;
  /** Where the server is alone, there is none. */
  readonly bus: ClosableBus | undefined;
  /**
   * Resolves when the log is up to date: call it when its listeners are registered.
   * @param onReachable is called where the log can no longer be reached, and where it can be again
   */
  readonly startLog: (onReachable: (isReachable: boolean) => void) => Promise<void>;
}

/**
 * Opens the log: that of the cluster, if there is one, else the server's own.
 * @throws StartupError
 */
export async function openLog(
  { cluster, secret, data }: Config,
  { store, counters, observer, operatorLog, onFatal }: Parts,
): Promise<OpenedLog> {
  if (cluster.length === 0) {
    if (await store.replica.position()) throw new StartupError(notAlone(data));
    const log = new GroupCommitLog(measuredStore(store, counters), observer);
    return { log, bus: undefined, startLog: async () => {} };
  }
  if (secret === undefined) throw new StartupError(NEEDS_SECRET);
  // A single server loads nothing of this.
  const [{ joinCluster }, { openBus }] = await Promise.all([
    import('./cluster/join.ts'),
    import('./cluster/open-bus.ts'),
  ]);
  const key = deriveKey(secret, 'cluster');
  const log = await joinCluster<Undated<Event>, ChatChange>({
    servers: cluster,
    key,
    store: store.replica,
    observer,
    onFault(fault) {
      operatorLog.report('cluster-fault', { reason: fault });
      onFatal();
    },
  });
  try {
    const bus = await openBus(cluster, key);
    return { log, bus, startLog: (onReachable) => log.start(onReachable) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

const NEEDS_SECRET =
  'A cluster needs CHAT_SECRET, the same on all of its nodes: openssl rand -base64 32 prints one.';

function notAlone(data: string): string {
  return `The data directory ${data} is that of a node of a cluster: start it with --cluster.`;
}
