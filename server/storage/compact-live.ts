import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { lowerThreadPriority } from './thread-priority.ts';

/*
 * The process that compacts a database which the server uses: see compaction-process.ts. A compact copy is
 * made without any lock. Then it is copied back in pieces, as one transaction that can be given up after
 * each of them: until it is committed, nobody else can write.
 */

/** Pages of 4 KiB that are copied back at once, in some milliseconds. */
const PIECE = 256;

const [, , file = '', copy = ''] = process.argv;
lowerThreadPriority('some');
let isStopped = false;
process.once('message', () => {
  isStopped = true;
});
// It ends with the server, however the server ends.
process.once('disconnect', () => process.exit());

const db = new DatabaseSync(file);
/** Another number where somebody else has committed. */
const version = () => db.prepare('PRAGMA data_version').get()?.data_version;
const before = version();
db.prepare('VACUUM INTO ?').run(copy);

const writeAheadLog = openSync(`${file}-wal`, 'r+');
const compact = new DatabaseSync(copy, { readOnly: true });
await backup(compact, file, {
  rate: PIECE,
  progress() {
    if (isStopped || version() !== before) throw new Error('Somebody writes.');
    // Otherwise the next commit, whosever it is, would have to wait for all pieces together.
    fdatasyncSync(writeAheadLog);
  },
});
closeSync(writeAheadLog);
compact.close();
process.send?.('compacted', () => {
  // A commit does not wait for this, but would have to do it itself.
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  db.close();
  process.disconnect?.();
});
