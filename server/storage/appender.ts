import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../core/change.ts';
import type { Outcome } from '../core/outcome.ts';
import type { LogGuard } from './log-guard.ts';
import { inTransaction } from './transaction.ts';

/** Applies the events of a log to the tables. */
export interface Applier<E, C extends Change> {
  /** Decides whether an event is accepted, and what it changes: here, in the order of the log. */
  apply(event: E): Outcome<C>;
  /** Writes what was collected, at the end of each group. */
  flush(): void;
  /** A group was rolled back: what is in the tables is valid. */
  reset(): void;
}

/**
 * Creates the function that writes events and their effects: a whole group in one transaction, in
 * order, with an outcome for each. It throws where nothing of the group was written.
 * @param guard notices when the files are gone; none where they are in memory
 */
export function groupAppender<E, C extends Change>(
  db: DatabaseSync,
  applier: Applier<E, C>,
  guard?: LogGuard,
): (group: readonly E[]) => Outcome<C>[] {
  return (group) => {
    let outcomes: Outcome<C>[];
    try {
      outcomes = inTransaction(db, () => {
        const all = group.map((event) => applier.apply(event));
        applier.flush();
        guard?.assertInPlace();
        return all;
      });
    } catch (error) {
      applier.reset();
      throw error;
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
