import type { Change } from './change.ts';
import { CommitListeners, newChanges } from './commit-listeners.ts';
import { ChatError } from './errors.ts';
import type { Log, LogObserver, LogPosition } from './log.ts';
import type { Accepted, Outcome, Rejected } from './outcome.ts';

/** Events that may wait for a commit; more are refused. */
const MAX_PENDING = 10_000;
/** Events in one commit, so that a batch stays small enough to send. */
const MAX_GROUP = 500;

/** Where the log is stored. */
export interface LogStore<E, C extends Change> {
  /** The log's epoch, and the number of its last event when it was opened. */
  readonly position: LogPosition;
  /**
   * Writes a group of events: all of them, or, when this rejects, none.
   * @param at when they happen, in milliseconds since 1970
   */
  append(group: readonly E[], at: number): Promise<readonly Outcome<C>[]>;
}

interface PendingAppend<E, C extends Change> extends PromiseWithResolvers<Accepted<C>> {
  readonly event: E;
}

interface Commit<E, C extends Change> {
  readonly group: readonly PendingAppend<E, C>[];
  readonly outcomes: readonly Outcome<C>[];
}

/** The outcome of every event of a group that could not be written. */
const NOT_SAVED: Rejected = { refused: 'not-saved' };

/**
 * The log in the embedded store. Commits run one after the other, and all that arrives during one
 * goes into the next: the slower the disk, the larger the groups.
 */
export class GroupCommitLog<E, C extends Change = Change> implements Log<E, C> {
  readonly epoch: string;
  head: number;
  readonly #store: LogStore<E, C>;
  readonly #observer: LogObserver;
  readonly #now: () => number;
  #pending: PendingAppend<E, C>[] = [];
  #running: Promise<void> | undefined;
  readonly #listeners: CommitListeners<C>;
  #isClosed = false;

  /** @param now the clock of the log, in milliseconds since 1970 */
  constructor(store: LogStore<E, C>, observer: LogObserver, now = () => Date.now()) {
    ({ epoch: this.epoch, head: this.head } = store.position);
    this.#store = store;
    this.#observer = observer;
    this.#listeners = new CommitListeners(observer);
    this.#now = now;
  }

  append(event: E): Promise<Accepted<C>> {
    if (this.#isClosed) return Promise.reject(new ChatError('shutting-down'));
    if (this.#pending.length >= MAX_PENDING) return Promise.reject(new ChatError('overloaded'));
    const waiting = { event, ...Promise.withResolvers<Accepted<C>>() };
    this.#pending.push(waiting);
    this.#running ??= this.#run();
    return waiting.promise;
  }

  /** Nobody else writes this log: what is not published yet does not exist. */
  reach(seq: number): Promise<boolean> {
    return Promise.resolve(seq <= this.head);
  }

  onCommit(onBatch: (batch: readonly C[]) => void): void {
    this.#listeners.add(onBatch);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Everything from this turn of the event loop goes into the first group.
    await new Promise(setImmediate);
    let commit = this.#commit();
    while (commit) {
      const done = await commit;
      // The disk writes the next group while this one is sent out.
      commit = this.#commit();
      this.#settle(done);
      commit ??= this.#commit();
    }
    this.#running = undefined;
  }

  /** Writes the next group, if there is one. */
  #commit(): Promise<Commit<E, C>> | undefined {
    const group = this.#pending.splice(0, MAX_GROUP);
    if (group.length === 0) return undefined;
    const events = group.map(({ event }) => event);
    return this.#store.append(events, this.#now()).then(
      (outcomes) => {
        this.#observer.committed();
        return { group, outcomes };
      },
      (error: unknown) => {
        this.#observer.commitFailed(error);
        return { group, outcomes: group.map(() => NOT_SAVED) };
      },
    );
  }

  #settle({ group, outcomes }: Commit<E, C>): void {
    this.#listeners.publish(newChanges(outcomes), (seq) => {
      this.head = seq;
    });
    outcomes.forEach((outcome, index) => {
      if ('change' in outcome) group[index]?.resolve(outcome);
      else group[index]?.reject(this.#listeners.errorOf(outcome));
    });
  }
}
