import type { Logger } from 'pino';
import { ChatError, ReportedError } from '../core/errors.ts';

/** Logs why a waiter failed, unless another server can serve it. */
export function logFailure(logger: Logger, error: unknown): void {
  if (!(error instanceof ReportedError || error instanceof ChatError))
    logger.error(error, 'a waiter could not be fed');
}
