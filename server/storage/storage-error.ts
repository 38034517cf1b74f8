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

/** What kind of failure an error of SQLite or the file system is. */
export function failureOf(error: unknown): StorageFailure {
  if (error instanceof StorageError) return error.failure;
  if (!(error instanceof Error)) return 'write-failed';
  const resultCode = 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  const systemCode = 'code' in error ? String(error.code) : '';
  return BY_RESULT_CODE[resultCode] ?? BY_SYSTEM_CODE[systemCode] ?? 'write-failed';
}
