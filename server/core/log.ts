import type { Change } from './change.ts';
import type { Event } from './event.ts';

/** What came of an event that counts. */
export interface AppendResult {
  readonly change: Change;
  /** False where it was a repetition: this is what came of the first. */
  readonly isNew: boolean;
}

/** Is told how the log fares: what it does about it is no business of the log's. */
export interface LogObserver {
  /** A group could not be written; those who appended it are told so. */
  commitFailed(error: unknown): void;
  committed(): void;
  /** A listener threw. The others have heard of the batch, and the log goes on. */
  listenerFailed(error: unknown): void;
}

/**
 * The one ordered log of everything that happens.
 *
 * Events are numbered by `seq`, which only grows and is never used twice within an `epoch`. What is
 * appended is on the disk before anybody hears of it, and everybody hears of it in the same order.
 */
export interface Log {
  readonly epoch: string;
  /** The number of the last event that was heard of. */
  readonly head: number;
  /** @throws ChatError where the event does not count, or could not be written; then nothing was */
  append(event: Event): Promise<AppendResult>;
  /** Hears what each commit changed, in order, before the `append` that caused it is answered. */
  onCommit(onBatch: (batch: readonly Change[]) => void): void;
  /** Ends when all that was appended is written. Later events are refused. */
  close(): Promise<void>;
}
