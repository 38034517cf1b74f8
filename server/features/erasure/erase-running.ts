import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '../../core/errors.ts';
import { Compaction } from '../../storage/compaction.ts';
import { isLocked } from '../../storage/data-dir.ts';
import { DATABASE } from '../../storage/file-names.ts';
import { giveToOwner } from '../../storage/folder-owner.ts';
import { readDatabase } from '../schema.ts';
import { ERASE_REQUEST, EraseRequests } from './erase-requests.ts';
import { erasureQueries } from './erasure-queries.ts';

/** How long a server may take to see a request, and how often to look what it did. */
const TAKE_MS = 30_000;
const COMPACT_MS = 10_000;
const LOOK_MS = 200;

/**
 * Asks the server that uses a data directory to erase users. Resolves when it has done so, and compacted its
 * database unless that takes long: a large one waits until nobody writes.
 * @throws StartupError where it takes no request, or ends before it has erased them
 */
export async function eraseRunning(folder: string, uids: readonly string[]): Promise<void> {
  const requests = new EraseRequests(join(folder, ERASE_REQUEST));
  // A command that was killed while it wrote one leaves what can't be read.
  if (requests.read().length === 0) requests.remove();
  if (requests.isThere) throw new StartupError('Another request to erase somebody is waiting.');
  requests.write(uids);
  giveToOwner(folder);
  const end = performance.now() + TAKE_MS;
  await whileServed(folder, () => {
    if (requests.isThere && performance.now() > end) {
      requests.remove();
      throw new StartupError('The server did not take the request. Nothing was erased.');
    }
    return requests.isThere;
  });
  const db = readDatabase(join(folder, DATABASE));
  try {
    await whileServed(folder, erasureQueries(db).isErasing);
  } finally {
    db.close();
  }
  const compaction = new Compaction(folder);
  const compactedBy = performance.now() + COMPACT_MS;
  while (compaction.isDue && performance.now() < compactedBy) await sleep(LOOK_MS);
}

/**
 * Resolves when nothing is waiting for the server any more.
 * @throws StartupError where it ends before
 */
async function whileServed(folder: string, isWaiting: () => boolean): Promise<void> {
  while (isWaiting()) {
    if (!isLocked(join(folder, 'lock')))
      throw new StartupError('The server has ended. It erases the rest when it is started again.');
    await sleep(LOOK_MS);
  }
}
