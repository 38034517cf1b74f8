import type { Logger } from 'pino';
import { ReportedError } from '../core/errors.ts';

/** Logs why a waiter failed. */
export function logFailure(logger: Logger, error: unknown): void {
  if (!(error instanceof ReportedError)) logger.error(error, 'a waiter could not be fed');
}
