import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../core/errors.ts';
import { MIGRATIONS } from '../features/schema.ts';
import { DATABASE } from '../storage/file-names.ts';
import { assertCompatible } from '../storage/migrate.ts';
import { filesAfter, readCopy } from './database-copy.ts';
import { type Manifest, parsePosition } from './manifest.ts';
import { unpackBackup } from './read-backup.ts';

/** What a backup, or a full one and those after it, holds. */
export interface BackupSummary {
  readonly cursor: string;
  readonly at: string;
  readonly messages: number;
  readonly files: number;
  /** Files of messages that were not on the disk when the backup was made. */
  readonly missing: number;
}

/**
 * Unpacks a full backup, and then those that were made `since` it, into one folder, and checks that
 * together they are whole.
 * @throws StartupError, a sentence for the operator
 */
export async function unpackAll(
  files: readonly string[],
  folder: string,
  password: string | undefined,
): Promise<BackupSummary> {
  let last: Manifest | undefined;
  for (const file of files) {
    const next = await unpackBackup(file, folder, password);
    assertFollows(file, next, last);
    last = next;
  }
  if (!last) throw new StartupError('No backup was given.');
  return check(folder, last);
}

/** @throws StartupError where files were uploaded that neither of the two backups has */
function assertFollows(file: string, next: Manifest, last: Manifest | undefined): void {
  if (next.since === undefined) {
    if (!last) return;
    throw new StartupError(`${file} is a full backup: give it alone, or first.`);
  }
  if (!last) {
    throw new StartupError(
      `${file} has only what is new since ${next.since}: give the backups before it as well.`,
    );
  }
  const [start, end] = [parsePosition(next.since), parsePosition(last.cursor)];
  if (start.epoch === end.epoch && start.head <= end.head) return;
  throw new StartupError(
    `${file} begins at ${next.since}, and the backup before it ends at ${last.cursor}.`,
  );
}

function check(folder: string, { cursor, at, missing }: Manifest): BackupSummary {
  const file = join(folder, DATABASE);
  if (!existsSync(file)) throw new StartupError('The backup has no database.');
  return readCopy(file, (db) => {
    const verdict = String(db.prepare('PRAGMA integrity_check(1)').get()?.integrity_check);
    if (verdict !== 'ok') {
      throw new StartupError(`The database of the backup is damaged: ${verdict}.`);
    }
    assertCompatible(db, MIGRATIONS.length);
    const ids = filesAfter(db, 0);
    const absent = ids.filter((id) => !existsSync(join(folder, 'files', id)));
    const lost = absent.filter((id) => !missing.includes(id));
    if (lost.length > 0) {
      throw new StartupError(
        `The backup lacks ${lost.length} uploads, the first of them ${lost[0]}.`,
      );
    }
    const messages = Number(db.prepare('SELECT count(*) AS n FROM messages').get()?.n);
    return { cursor, at, messages, files: ids.length - absent.length, missing: absent.length };
  });
}
