import { StartupError } from './core/errors.ts';

/** What to do about an error of the system, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'Give the user that runs Typhoon the right to read and write there.',
  EDQUOT: 'Make room on the disk (df), and for more files (df -i).',
  EISDIR: 'Move the folder of that name away.',
  EMFILE: 'Let the process open more files (ulimit -n).',
  ENFILE: 'Let the system open more files.',
  ENOSPC: 'Make room on the disk (df), and for more files (df -i).',
  ENOTDIR: 'Move the file of that name away.',
  EEXIST: 'Move the file of that name away.',
  EPERM: 'Give the user that runs Typhoon the right to read and write there.',
  EROFS: 'The disk is mounted read-only: start with another --data folder.',
};

/** An error of the system, or of SQLite, while the server starts, as a sentence that says what to do. */
export function toStartupError(error: unknown): unknown {
  const isSystem = error instanceof Error && ('syscall' in error || 'errcode' in error);
  if (error instanceof StartupError || !isSystem) return error;
  const code = 'code' in error ? String(error.code) : '';
  const advice = ADVICE[code] ?? 'See what the system says of it.';
  return new StartupError(`Typhoon cannot start: ${error.message}. ${advice}`, { cause: error });
}
