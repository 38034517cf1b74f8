import { StartupError } from './core/errors.ts';

/** What to do about a system error, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'Give the user that runs Typhoon read and write permission there.',
  EDQUOT: 'Free disk space (df) or inodes (df -i).',
  EISDIR: 'Move the directory of that name away.',
  EMFILE: 'Raise the limit of open files (ulimit -n).',
  ENFILE: "Raise the system's limit of open files.",
  ENOSPC: 'Free disk space (df) or inodes (df -i).',
  ENOTDIR: 'Move the file of that name away.',
  EEXIST: 'Move the file of that name away.',
  EPERM: 'Give the user that runs Typhoon read and write permission there.',
  EROFS: 'The disk is mounted read-only: start with another --data directory.',
};

/**
 * An error of the system or of SQLite, as a sentence that says what to do.
 * @param what failed
 */
export function toStartupError(error: unknown, what = 'Typhoon cannot start'): unknown {
  const isSystem = error instanceof Error && ('syscall' in error || 'errcode' in error);
  if (error instanceof StartupError || !isSystem) return error;
  const code = 'code' in error ? String(error.code) : '';
  const advice = ADVICE[code] ?? 'See the error above.';
  return new StartupError(`${what}: ${error.message}. ${advice}`, { cause: error });
}
