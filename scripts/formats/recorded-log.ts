import { createHash } from 'node:crypto';
import type { Undated } from '../../server/core/log.ts';
import type { Outcome } from '../../server/core/outcome.ts';
import type { LogEntry } from '../../server/core/replication.ts';
import { applier } from '../../server/features/appender.ts';
import { dated, type Event } from '../../server/features/events.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { replica } from '../../server/storage/replica.ts';
import { sequence } from '../../server/storage/sequence.ts';

/** An event and what was decided: a hash of its outcome, as the digests of nodes are made of it. */
export type Decided = readonly [event: Undated<Event>, outcome: string];

/** An entry of a log; the one at place 1 begins another log. */
export interface RecordedEntry {
  readonly place: number;
  readonly at: number;
  readonly decided: readonly Decided[];
}

const HASH_LENGTH = 12;

/** What this version decides in a format: an outcome for each event of a log. */
export function decide(
  entries: readonly LogEntry<Undated<Event>>[],
  format: number,
): readonly (readonly Outcome[])[] {
  const db = openDatabase(':memory:');
  try {
    const numbers = sequence(db);
    const store = replica({ db, applier: applier(db, numbers.number), sequence: numbers, dated });
    store.join({ epoch: 'epoch', base: 0, format });
    return entries.map((entry) => store.apply([entry]));
  } finally {
    db.close();
  }
}

/** The hash of an outcome; the reason of a failure is in the words of the machine, and left out. */
export function hashOf(outcome: Outcome | undefined): string {
  const text = JSON.stringify(outcome, (key, value) => (key === 'failure' ? undefined : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}

/** The kind of an event, or the type of its room action. */
export function nameOf(event: Undated<Event>): string {
  return event.kind === 'room-action' ? `room-action ${event.action.type}` : event.kind;
}
