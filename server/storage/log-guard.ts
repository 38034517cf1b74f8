import {
  type BigIntStats,
  closeSync,
  constants,
  fdatasyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { LogPosition } from '../core/log.ts';
import { newEpoch, positions } from './log-position.ts';
import { StorageError } from './storage-error.ts';

/** Beside the database: the log's position after its last commit, and the database's identity. */
const FILE = 'log-head.json';
/** The file has this length from the start, so that writing it needs no space on a full disk. */
const BYTES = 128;

interface Head {
  readonly epoch: string;
  readonly head: number;
  /** Which file the database was; versions before this one recorded the inode alone. */
  readonly inode: string;
}

/** Why a log starts a new epoch: clients may have received changes that it no longer has. */
export type WentBack =
  | { readonly code: 'database-replaced'; readonly epoch: string }
  | { readonly code: 'changes-lost'; readonly epoch: string; readonly lost: number };

/**
 * Detects that a log went back, which its database cannot know by itself: that it was restored from
 * a backup or copied, or that its write-ahead log was lost. The position of the log is written
 * next to it at each commit and synced a moment later: after a power cut the file may be older than
 * the database, never newer.
 */
export class LogGuard {
  readonly wentBack: WentBack | undefined;
  readonly #database: FileAt;
  readonly #wal: FileAt;
  readonly #fd: number;
  #epoch: string;
  #isBroken = false;

  /** @param file the path of the database, which is open for writing */
  constructor(db: DatabaseSync, file: string) {
    const path = pathOfHead(file);
    const position = positions(db)();
    this.#database = fileAt(file);
    this.#wal = fileAt(`${file}-wal`);
    // The log itself is elsewhere: what the database lacks of it is applied again.
    const why = isReplica(db) ? undefined : compare(position, this.#database.inode, readHead(path));
    this.#epoch = why === undefined ? position.epoch : newEpoch(db);
    this.wentBack = why && { ...why, epoch: this.#epoch };
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#record(position.head);
  }

  /**
   * Call it before a group is committed: what is committed to a file that was moved or removed is
   * lost with the process.
   * @throws StorageError where that is so
   */
  assertInPlace(): void {
    if (this.#isBroken || !isInPlace(this.#wal)) throw missing();
  }

  /**
   * Call it when a group is committed, before it is acknowledged.
   * @throws StorageError where its files were removed in the meantime
   */
  committed(head: number): void {
    this.#record(head);
    if (isInPlace(this.#database)) return;
    // Nobody receives this group, and it is back when the folder is: only a restart reads it.
    this.#isBroken = true;
    throw missing();
  }

  /** The database is part of the log of this epoch, which several servers share. */
  joined(epoch: string, head: number): void {
    this.#epoch = epoch;
    this.#record(head);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #record(head: number): void {
    const { inode } = this.#database;
    const text = JSON.stringify({ epoch: this.#epoch, head, inode } satisfies Head);
    writeSync(this.#fd, text.padEnd(BYTES - 1).concat('\n'), 0);
  }
}

/** Makes the last recorded position survive a power cut. Takes as long as the disk needs. */
export function syncHead(file: string): void {
  const fd = openSync(pathOfHead(file), 'r+');
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whether the database is part of a log that several servers share. */
function isReplica(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM replica').get() !== undefined;
}

function compare({ epoch, head }: LogPosition, inode: string, last: Head | undefined) {
  if (last === undefined && head === 0) return undefined;
  if (last?.epoch !== epoch || !isRecorded(last.inode, inode)) {
    return { code: 'database-replaced' as const };
  }
  return last.head > head ? { code: 'changes-lost' as const, lost: last.head - head } : undefined;
}

/** The content of the file; `undefined` where it is missing or cannot be read. */
function readHead(path: string): Head | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isHead(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Checked by hand: zod would take longer to load than all else in a store thread. */
function isHead(value: unknown): value is Head {
  const { epoch, head, inode } = (value ?? {}) as Partial<Record<keyof Head, unknown>>;
  return typeof epoch === 'string' && Number.isInteger(head) && typeof inode === 'string';
}

function pathOfHead(file: string): string {
  return join(dirname(file), FILE);
}

function missing(): StorageError {
  return new StorageError('the data folder was moved or removed', 'data-missing');
}

/** A file by its identity, which stays the same wherever it is moved. */
interface FileAt {
  readonly path: string;
  readonly inode: string;
}

function fileAt(path: string): FileAt {
  return { path, inode: identityOf(statSync(path, { bigint: true })) };
}

/**
 * A file system gives the inode of a deleted file to the next one: a restored file often has it. When
 * it was created tells them apart, where the file system knows (0 where it does not).
 */
function identityOf({ ino, birthtimeNs }: BigIntStats): string {
  return birthtimeNs > 0n ? `${ino}.${birthtimeNs}` : `${ino}`;
}

/** Whether an identity is the recorded one, be that an inode alone. */
function isRecorded(recorded: string, identity: string): boolean {
  return recorded === identity || (!recorded.includes('.') && identity.startsWith(`${recorded}.`));
}

function isInPlace({ path, inode }: FileAt): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && identityOf(stat) === inode;
}
