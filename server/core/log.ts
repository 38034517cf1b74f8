import type { Change } from './change.ts';
import type { Accepted } from './outcome.ts';

/** The position of a log: its epoch, and the number of the last event that was published. */
export interface LogPosition {
  readonly epoch: string;
  readonly head: number;
}

/** What rooms read of a log. */
export interface PublishedLog extends LogPosition {
  /**
   * Resolves when the event of a number is published here: a client may have it from another server
   * that shares the log. False where the log has no such event.
   * @param withinMs how long to wait for it
   * @throws ChatError `server-behind` where it is not here in time
   */
  reach(seq: number, withinMs?: number): Promise<boolean>;
}

/** Is notified of how commits go; what it does about it is not the log's concern. */
export interface LogObserver {
  /** A group could not be written; its callers get an error. */
  commitFailed(error: unknown): void;
  committed(): void;
  /** An event could not be applied, and never can be: its caller gets an error, the others do not. */
  eventFailed(reason: string): void;
  /** A listener threw. The others have received the batch, and the log continues. */
  listenerFailed(error: unknown): void;
}

/** An event as it is appended: the log dates it. */
export type Undated<E> = E extends { readonly at: number } ? Omit<E, 'at'> : E;

/**
 * The one ordered log of everything that happens: of events `E`, each of which makes a change `C`.
 * Its clock dates them.
 *
 * Events are numbered by `seq`, which only grows and is never used twice within an `epoch`. An
 * event is on the disk before anybody receives it, and everybody receives events in the same order.
 * Any engine passes the suite in test/core/log-contract.ts.
 */
export interface Log<E, C extends Change = Change> extends PublishedLog {
  /**
   * Resolves when the event is applied and published.
   * @throws ChatError, and nothing was written: what the event was rejected for; `not-saved` where it
   * could not be written, `overloaded` where too many wait,
   * `log-unavailable` where the log of a cluster cannot be reached, `shutting-down` after `close`
   */
  append(event: E): Promise<Accepted<C>>;
  /**
   * Receives what each commit changed, in order, before the `append` that caused it resolves. One that
   * throws keeps neither the others from it nor the log from going on.
   */
  onCommit(onBatch: (batch: readonly C[]) => void): void;
  /** Resolves when everything appended is written and published. Later events are refused. */
  close(): Promise<void>;
}
