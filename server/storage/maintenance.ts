import type { DatabaseSync } from 'node:sqlite';
import { syncHead } from './log-guard.ts';
import { cutLog } from './open.ts';

/** What a thread that does maintenance does. */
export interface Maintenance {
  /** Copies what is committed from the write-ahead log into the database. */
  checkpoint(): void;
  /** Does that, and truncates the write-ahead log. False while somebody else reads or writes. */
  cutLog(): boolean;
  /** Rewrites the database without what was deleted from it. Nobody else can write meanwhile. */
  compact(): void;
}

/** @param file that of the database */
export function maintenance(db: DatabaseSync, file: string): Maintenance {
  function checkpoint(): void {
    syncHead(file);
    db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }
  return {
    checkpoint,
    cutLog() {
      // Most of it is copied while others write; they wait only for the rest.
      checkpoint();
      return cutLog(db);
    },
    compact() {
      db.exec('VACUUM');
      // Where a backup reads, for example, commits would wait for its end to have it truncated as well.
      cutLog(db);
    },
  };
}
