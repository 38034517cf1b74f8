import { StartupError } from './core/errors.ts';
import { withAdvice } from './storage/advice.ts';

/**
 * An error of the system or of SQLite, as a sentence that says what to do.
 * @param what failed
 */
export function toStartupError(error: unknown, what = 'Typhoon cannot start'): unknown {
  const isSystem = error instanceof Error && ('syscall' in error || 'errcode' in error);
  if (error instanceof StartupError || !isSystem) return error;
  return new StartupError(`${what}: ${withAdvice(error)}`, { cause: error });
}
