import { Keyring } from '../auth/keyring.ts';
import type { Backend, BackendParts } from '../backend.ts';
import type { Config } from '../config.ts';
import { StoreMonitor } from '../features/store-monitor.ts';
import { openReader } from '../features/store-threads.ts';
import { lockedDataDir } from '../storage/data-dir.ts';
import { DATABASE } from '../storage/file-names.ts';
import type { ChannelToPrimary } from './methods.ts';
import { WorkerBus } from './worker-bus.ts';
import { WorkerLog } from './worker-log.ts';

/**
 * What a worker reads, it reads from the database of the primary; what it writes, and what it tells the
 * other workers, goes through the primary.
 * @throws StartupError where the database cannot be read
 */
export async function openWorkerBackend(
  channel: ChannelToPrimary,
  { data }: Pick<Config, 'data'>,
  { observer, operatorLog, onFatal }: BackendParts,
): Promise<Backend> {
  const folder = lockedDataDir(data);
  const files = folder.subdir('files');
  const { id, position, keys } = await channel.call('enter');
  const bus = new WorkerBus(channel, id);
  const [newest = Buffer.alloc(0), ...older] = keys.map((key) => Buffer.from(key));
  const reader = await openReader(
    folder.path(DATABASE) ?? '',
    new StoreMonitor(operatorLog, onFatal),
  );
  const log = new WorkerLog(channel, position, observer);
  return {
    ...{ folder, files, log, shared: { bus }, node: undefined, isWorker: true },
    keys: new Keyring(newest, older),
    store: {
      queries: reader.methods,
      search: (request, from) => channel.call('search', request, from),
      probe: () => channel.call('probe'),
    },
    metrics: {
      text: () => channel.call('metrics'),
      connections: () => channel.call('connections'),
      add: (measure) => channel.serve({ measure }),
    },
    start({ countConnections }) {
      channel.serve({ countConnections });
      return log.start();
    },
    mayListen: () => channel.call('mayListen'),
    leave: () => Promise.resolve(),
    close: () => reader.close(),
  };
}
