import { ReportedError } from '../core/errors.ts';

/** Why the storage failed, as listed in docs/operations.md. */
export type StorageFailure =
  | 'disk-full'
  | 'database-locked'
  | 'database-damaged'
  | 'data-missing'
  | 'write-failed';

/** An error in a store thread. The store reports it, so it is logged once, not per request. */
export class StorageError extends ReportedError {
  override readonly name = 'StorageError';
  readonly failure: StorageFailure;

  constructor(message: string, failure: StorageFailure) {
    super(message);
    this.failure = failure;
  }
}

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const BY_RESULT_CODE: Readonly<Record<number, StorageFailure>> = {
  5: 'database-locked',
  6: 'database-locked',
  11: 'database-damaged',
  13: 'disk-full',
  26: 'database-damaged',
};
const BY_SYSTEM_CODE: Readonly<Record<string, StorageFailure>> = {
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  ENOSPC: 'disk-full',
  ENOENT: 'data-missing',
};

/**
 * Result codes that are about the storage, and not about what is stored: busy, locked, no memory,
 * read-only, interrupted, an I/O error, damaged, full, not to be opened, a locking protocol that
 * failed, no large files, another kind of file.
 */
const OF_STORAGE: ReadonlySet<number> = new Set([5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 22, 26]);

/** Whether the storage failed: the same work may succeed later. Any other error is always the same. */
export function isOfStorage(error: unknown): boolean {
  if (error instanceof StorageError) return true;
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) return OF_STORAGE.has(resultCodeOf(error));
  return 'syscall' in error;
}

/** What kind of failure an error of SQLite or the file system is. */
export function failureOf(error: unknown): StorageFailure {
  if (error instanceof StorageError) return error.failure;
  if (!(error instanceof Error)) return 'write-failed';
  const systemCode = 'code' in error ? String(error.code) : '';
  return BY_RESULT_CODE[resultCodeOf(error)] ?? BY_SYSTEM_CODE[systemCode] ?? 'write-failed';
}

/** SQLite's primary result code of an error; 0 for an error that is not SQLite's. */
export function resultCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}
