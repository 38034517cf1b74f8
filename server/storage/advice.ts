import { resultCodeOf } from './storage-error.ts';

const PERMISSION =
  'Run it as the user that the directory belongs to, or give this user read and write permission there.';
const SPACE = 'Free disk space (df) or inodes (df -i).';
const READ_ONLY = 'The disk is mounted read-only: use another --data directory.';
const DAMAGED = 'It is damaged: restore a backup.';

/** What to do about a system error, by its code. */
const BY_SYSTEM_CODE: Readonly<Record<string, string>> = {
  EACCES: PERMISSION,
  EDQUOT: SPACE,
  EISDIR: 'Move the directory of that name away.',
  EMFILE: 'Raise the limit of open files (ulimit -n).',
  ENFILE: "Raise the system's limit of open files.",
  ENOSPC: SPACE,
  ENOTDIR: 'Move the file of that name away.',
  EEXIST: 'Move the file of that name away.',
  EPERM: PERMISSION,
  EROFS: READ_ONLY,
};

/** The same for SQLite's primary result codes (sqlite.org/rescode.html). */
const BY_RESULT_CODE: Readonly<Record<number, string>> = {
  5: 'Stop what locks it.',
  8: PERMISSION,
  10: 'Is the disk full (df), or does it fail (the log of the system)?',
  11: DAMAGED,
  13: SPACE,
  14: `${PERMISSION} SQLite writes beside it even to read: on a disk that is mounted read-only, copy the directory.`,
  26: DAMAGED,
};

/** An error of the system or of SQLite, as a sentence and what to do about it. */
export function withAdvice(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = BY_RESULT_CODE[resultCodeOf(error)] ?? BY_SYSTEM_CODE[code] ?? '';
  return `${message.replace(/[^.?)]$/, '$&.')} ${advice}`.trimEnd();
}

/** Whether SQLite could not have a lock. */
export function isBusy(error: unknown): boolean {
  return resultCodeOf(error) === 5;
}
