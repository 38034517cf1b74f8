import type { Logger } from 'pino';
import { RoomFailure } from '../core/room-failure.ts';
import { StorageError } from '../storage/storage-error.ts';

/** Logs why a waiter failed, unless that is reported elsewhere, once for all waiters. */
export function logFailure(logger: Logger, error: unknown): void {
  if (error instanceof StorageError || error instanceof RoomFailure) return;
  logger.error(error, 'a waiter could not be fed');
}
