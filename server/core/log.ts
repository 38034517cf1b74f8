import type { Change } from './change.ts';
import type { Event } from './event.ts';

/** The result of an accepted event. */
export interface AppendResult {
  readonly change: Change;
  /** False for a duplicate: this is the result of the first. */
  readonly isNew: boolean;
}

/** Is notified of how commits go; what it does about it is not the log's concern. */
export interface LogObserver {
  /** A group could not be written; its callers get an error. */
  commitFailed(error: unknown): void;
  committed(): void;
  /** A listener threw. The others have received the batch, and the log continues. */
  listenerFailed(error: unknown): void;
}

/**
 * The one ordered log of everything that happens.
 *
 * Events are numbered by `seq`, which only grows and is never used twice within an `epoch`. An
 * event is on the disk before anybody receives it, and everybody receives events in the same order.
 */
export interface Log {
  readonly epoch: string;
  /** The number of the last event that was published. */
  readonly head: number;
  /** @throws ChatError where the event is rejected, or could not be written; then nothing was */
  append(event: Event): Promise<AppendResult>;
  /** Receives what each commit changed, in order, before the `append` that caused it resolves. */
  onCommit(onBatch: (batch: readonly Change[]) => void): void;
  /** Resolves when everything appended is written. Later events are refused. */
  close(): Promise<void>;
}
