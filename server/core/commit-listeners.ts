import type { Change } from './change.ts';
import { ChatError } from './errors.ts';
import type { LogObserver } from './log.ts';
import type { Outcome, Rejected } from './outcome.ts';

/** Who receives what a log commits, whatever its engine: each batch in the order of registration. */
export class CommitListeners<C extends Change> {
  readonly #observer: LogObserver;
  readonly #listeners: ((batch: readonly C[]) => void)[] = [];

  constructor(observer: LogObserver) {
    this.#observer = observer;
  }

  add(onBatch: (batch: readonly C[]) => void): void {
    this.#listeners.push(onBatch);
  }

  /**
   * Sends out what a commit has changed.
   * @param setHead is called before, with the number of the last change, if there is one
   */
  publish(changed: readonly C[], setHead: (seq: number) => void): void {
    const last = changed.at(-1);
    if (!last) return;
    setHead(last.seq);
    for (const listener of this.#listeners) {
      try {
        listener(changed);
      } catch (error) {
        this.#observer.listenerFailed(error);
      }
    }
  }

  /** The error for the caller of an event that was rejected. The server's own are reported. */
  errorOf({ refused, details, failure }: Rejected): ChatError {
    if (failure !== undefined) this.#observer.eventFailed(failure);
    return new ChatError(refused, details);
  }
}

/** What the events of a commit have changed: a duplicate has changed nothing. */
export function newChanges<C extends Change>(outcomes: readonly Outcome<C>[]): readonly C[] {
  return outcomes.flatMap((outcome) =>
    'change' in outcome && outcome.isNew ? [outcome.change] : [],
  );
}
