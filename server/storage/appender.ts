import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../core/change.ts';
import { type Outcome, rejected } from '../core/outcome.ts';
import type { LogGuard } from './log-guard.ts';
import { isOfStorage } from './storage-error.ts';
import { inTransaction } from './transaction.ts';

/** Applies the events of a log to the tables. */
export interface Applier<E, C extends Change> {
  /** Decides whether an event is accepted, and what it changes: here, in the order of the log. */
  apply(event: E): Outcome<C>;
  /** Writes what was collected, at the end of each group. */
  flush(): void;
  /** Something was rolled back: what is in the tables is valid. */
  reset(): void;
}

/**
 * Creates the function that writes events and their effects: a whole group in one transaction, in
 * order, with an outcome for each. It throws where nothing of the group was written, because the
 * storage failed.
 * @param guard notices when the files are gone; none where they are in memory
 */
export function groupAppender<E, C extends Change>(
  db: DatabaseSync,
  applier: Applier<E, C>,
  guard?: LogGuard,
): (group: readonly E[]) => Outcome<C>[] {
  return transactional(db, applier, guard, (group: readonly E[], apply) => group.map(apply));
}

/**
 * Creates a function that applies events within one transaction. An event that throws is rejected
 * alone, the same on every machine. That is rare: only then is each event of the transaction applied
 * in a savepoint of its own.
 * @param write calls `apply` with each event, in order
 */
export function transactional<W, E, C extends Change>(
  db: DatabaseSync,
  applier: Applier<E, C>,
  guard: LogGuard | undefined,
  write: (work: W, apply: (event: E) => Outcome<C>) => Outcome<C>[],
): (work: W) => Outcome<C>[] {
  function commit(work: W, apply: (event: E) => Outcome<C>): Outcome<C>[] {
    try {
      return inTransaction(db, () => {
        const all = write(work, apply);
        applier.flush();
        guard?.assertInPlace();
        return all;
      });
    } catch (error) {
      applier.reset();
      throw error;
    }
  }

  function applyAlone(event: E): Outcome<C> {
    db.exec('SAVEPOINT event');
    try {
      const outcome = applier.apply(event);
      applier.flush();
      db.exec('RELEASE event');
      return outcome;
    } catch (error) {
      if (isOfStorage(error)) throw error;
      db.exec('ROLLBACK TO event; RELEASE event');
      applier.reset();
      return { ...rejected('internal-error'), failure: String(error) };
    }
  }

  return (work) => {
    let outcomes: Outcome<C>[];
    try {
      outcomes = commit(work, (event) => applier.apply(event));
    } catch (error) {
      if (isOfStorage(error)) throw error;
      outcomes = commit(work, applyAlone);
    }
    const head = headOf(outcomes);
    if (head !== undefined) guard?.committed(head);
    return outcomes;
  };
}

/** The number of the last accepted event of a group. */
function headOf(outcomes: readonly Outcome[]): number | undefined {
  const last = outcomes.findLast((outcome) => 'change' in outcome && outcome.isNew);
  return last && 'change' in last ? last.change.seq : undefined;
}
