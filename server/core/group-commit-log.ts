import type { Store } from '../features/store.ts';
import type { Change } from './change.ts';
import { ChatError } from './errors.ts';
import type { Event } from './event.ts';
import type { AppendResult, Log, LogObserver } from './log.ts';
import type { Outcome } from './outcome.ts';

/** Events that may wait for a commit; more are refused. */
const MAX_PENDING = 10_000;
/** Events in one commit, so that a batch stays small enough to send. */
const MAX_GROUP = 500;

interface PendingAppend extends PromiseWithResolvers<AppendResult> {
  readonly event: Event;
}

interface Commit {
  readonly group: readonly PendingAppend[];
  readonly outcomes: readonly Outcome[];
}

/** The outcome of every event of a group that could not be written. */
const NOT_SAVED: Outcome = { refused: 'not-saved' };

/**
 * The log in the embedded store. Commits run one after the other, and all that arrives during one
 * goes into the next: the slower the disk, the larger the groups.
 */
export class GroupCommitLog implements Log {
  readonly epoch: string;
  head: number;
  readonly #store: Store;
  readonly #observer: LogObserver;
  #pending: PendingAppend[] = [];
  #running: Promise<void> | undefined;
  readonly #listeners: ((batch: readonly Change[]) => void)[] = [];
  #isClosed = false;

  constructor(store: Store, observer: LogObserver) {
    ({ epoch: this.epoch, head: this.head } = store.position);
    this.#store = store;
    this.#observer = observer;
  }

  append(event: Event): Promise<AppendResult> {
    if (this.#isClosed) return Promise.reject(new ChatError('closing'));
    if (this.#pending.length >= MAX_PENDING) return Promise.reject(new ChatError('busy'));
    const waiting = { event, ...Promise.withResolvers<AppendResult>() };
    this.#pending.push(waiting);
    this.#running ??= this.#run();
    return waiting.promise;
  }

  onCommit(onBatch: (batch: readonly Change[]) => void): void {
    this.#listeners.push(onBatch);
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
  #commit(): Promise<Commit> | undefined {
    const group = this.#pending.splice(0, MAX_GROUP);
    if (group.length === 0) return undefined;
    return this.#store.append(group.map(({ event }) => event)).then(
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

  #settle({ group, outcomes }: Commit): void {
    const changed = outcomes.flatMap((outcome) =>
      'change' in outcome && outcome.isNew ? [outcome.change] : [],
    );
    this.head = changed.at(-1)?.seq ?? this.head;
    if (changed.length > 0) this.#publish(changed);
    outcomes.forEach((outcome, index) => {
      if ('change' in outcome) group[index]?.resolve(outcome);
      else group[index]?.reject(new ChatError(outcome.refused, outcome.details));
    });
  }

  #publish(changed: readonly Change[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(changed);
      } catch (error) {
        this.#observer.listenerFailed(error);
      }
    }
  }
}
