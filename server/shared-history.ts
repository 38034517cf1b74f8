import { deriveKey } from './auth/load-keyring.ts';
import { copiedCheckpoints, installReplica, storedPlace } from './backup/replica-copy.ts';
import type { Config } from './config.ts';
import type { OperatorLog } from './operator-log.ts';
import type { DataDir } from './storage/data-dir.ts';
import { DATABASE } from './storage/file-names.ts';

/** The copy of another node's database, until it is complete. */
const FETCHED = 'fetched.sqlite';

/**
 * Call it before the store is opened: a new node of a cluster, or one that was away for longer than
 * the log goes back, gets the history from another node.
 * @returns its place, `undefined` where nothing was needed
 * @throws StartupError where no node sends it
 */
export async function fetchSharedHistory(
  { cluster, secret }: Pick<Config, 'cluster' | 'secret'>,
  folder: DataDir,
  operatorLog: OperatorLog,
): Promise<number | undefined> {
  const [database, file] = [folder.path(DATABASE), folder.path(FETCHED)];
  if (cluster.length === 0 || secret === undefined || !database || !file) return undefined;
  const own = storedPlace(database);
  if (own === 'something-else') return undefined;
  // A single server loads nothing of this.
  const { fetchHistory } = await import('./cluster/fetch-history.ts');
  const fetched = await fetchHistory({
    servers: cluster,
    key: deriveKey(secret, 'cluster'),
    own: own === 'nothing' ? undefined : own,
    file,
    checkpoints: copiedCheckpoints,
    onProgress: (received, { bytes, place }) =>
      operatorLog.report('snapshot-fetching', { received, bytes, place }),
  });
  if (!fetched) return undefined;
  await installReplica(file, folder, fetched);
  const { place, compared } = fetched;
  operatorLog.report('snapshot-fetched', { place, compared });
  return place;
}
