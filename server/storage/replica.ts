import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../core/change.ts';
import type { Outcome } from '../core/outcome.ts';
import {
  baseAfter,
  type Checkpoint,
  type Founding,
  type LogEntry,
  numberAt,
  type ReplicaPosition,
} from '../core/replication.ts';
import { type Applier, transactional } from './appender.ts';
import { FormatInForce } from './format-in-force.ts';
import type { LogGuard } from './log-guard.ts';
import { newEpoch, positions } from './log-position.ts';
import type { Sequence } from './sequence.ts';
import { inTransaction } from './transaction.ts';

/** Places between two checkpoints, and how many of these are kept. */
const CHECKPOINT_PLACES = 100;
const MAX_CHECKPOINTS = 10;

/** A store that applies a log which several servers share. */
export interface Replica<E, C extends Change> {
  /** How far it has applied the log; `undefined` where it is not part of one. */
  position(): ReplicaPosition | undefined;
  /** What was decided up to the last multiples of a hundred places, and up to the last place. */
  checkpoints(): readonly Checkpoint[];
  /** From now on the store is part of this log. */
  join(founding: Founding): void;
  /**
   * Applies entries, in order and in one transaction, together with how far they go: each is applied
   * exactly once, whenever the machine stops.
   * @returns the outcomes of all events
   */
  apply(entries: readonly LogEntry<E>[]): Outcome<C>[];
}

interface Parts<E, D, C extends Change> {
  readonly db: DatabaseSync;
  readonly applier: Applier<D, C>;
  readonly sequence: Sequence;
  readonly guard?: LogGuard | undefined;
  /** Gives an event the time of its entry. */
  readonly dated: (event: E, at: number) => D;
}

export function replica<E, D, C extends Change>({
  db,
  applier,
  sequence,
  guard,
  dated,
}: Parts<E, D, C>): Replica<E, C> {
  const select = db.prepare(POSITION);
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  const position = () => select.get() as unknown as ReplicaPosition | undefined;
  const inForce = new FormatInForce(db);
  const advance = db.prepare('UPDATE replica SET place = ?, id = ?, at = ?, digest = ?');
  const checkpoints = checkpointTable(db);
  const write = (entries: readonly LogEntry<E>[], apply: (event: D) => Outcome<C>) => {
    const start = position();
    if (!start) throw new Error('The store is not part of a log that servers share.');
    let { place: before, digest } = start;
    const all: Outcome<C>[] = [];
    for (const { place, id, at, events } of entries) {
      if (place !== before + 1) throw new Error(`place ${place} does not follow ${before}`);
      const outcomes = events.map((event, index) => {
        sequence.next(numberAt(start.base, place, index));
        return apply(dated(event, at));
      });
      digest = digestOf(`${digest} ${place} ${inForce.current}`, outcomes);
      advance.run(place, id, at, digest);
      if (place % CHECKPOINT_PLACES === 0) checkpoints.add({ place, digest });
      all.push(...outcomes);
      before = place;
    }
    return all;
  };
  const commit = transactional(db, applier, guard, write);
  return {
    position,
    checkpoints() {
      const { place = 0, digest = '' } = position() ?? {};
      const all = checkpoints.all();
      return place === 0 || all.at(-1)?.place === place ? all : [...all, { place, digest }];
    },
    join(founding) {
      begin(db, founding);
      guard?.joined(founding.epoch, founding.base);
    },
    apply: commit,
  };
}

function checkpointTable(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO checkpoints VALUES (?, ?)');
  const drop = db.prepare('DELETE FROM checkpoints WHERE place <= ?');
  return {
    all: () => checkpointsIn(db),
    add({ place, digest }: Checkpoint) {
      insert.run(place, digest);
      drop.run(place - MAX_CHECKPOINTS * CHECKPOINT_PLACES);
    },
  };
}

/** What was decided up to the last multiples of a hundred places, in their order. */
export function checkpointsIn(db: DatabaseSync): readonly Checkpoint[] {
  const rows = db.prepare('SELECT place, digest FROM checkpoints ORDER BY place').all();
  return rows as unknown as readonly Checkpoint[];
}

const POSITION = 'SELECT place, id, at, base, digest, format, epoch FROM replica, log';

/** How far a database has applied a shared log, read once; `undefined` where it is not part of one. */
export function replicaPosition(db: DatabaseSync): ReplicaPosition | undefined {
  return db.prepare(POSITION).get() as unknown as ReplicaPosition | undefined;
}

/** A database that was part of a shared log becomes the start of another one, with all that it has. */
export function startNewLog(db: DatabaseSync): Founding {
  return inTransaction(db, () => {
    const format = new FormatInForce(db).current;
    db.exec('DELETE FROM replica; DELETE FROM checkpoints');
    const founding = { epoch: newEpoch(db), base: baseAfter(positions(db)().head), format };
    begin(db, founding);
    return founding;
  });
}

function begin(db: DatabaseSync, { epoch, base, format }: Founding): void {
  db.prepare('UPDATE log SET epoch = ?').run(epoch);
  db.prepare("INSERT INTO replica VALUES (0, '', 0, ?, '', ?)").run(base, format);
}

/** A chain over all outcomes. The reason of a failure is in the words of the machine, and left out. */
function digestOf(before: string, outcomes: readonly Outcome[]): string {
  const text = JSON.stringify(outcomes, (key, value) => (key === 'failure' ? undefined : value));
  return createHash('sha256').update(`${before} ${text}`).digest('base64url');
}
