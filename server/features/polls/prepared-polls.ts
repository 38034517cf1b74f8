import type { DatabaseSync } from 'node:sqlite';
import type { PollSpec, PreparedSpec } from './events.ts';

/** Prepared polls of a room. */
export const MAX_PREPARED = 100;

/** A prepared poll of a room. */
export interface PreparedPoll extends PreparedSpec {
  /** The number of the event that first saved it. */
  readonly id: number;
  /** Who saved it. */
  readonly uid: string;
  /** The images of its options, and the option of each; missing for none. */
  readonly files?: readonly string[];
  readonly imageOptions?: readonly number[];
}

const MINUTE_MS = 60_000;

/** The poll, when it is started. */
export function startedAt({ minutes, ...spec }: PreparedSpec, now: number): PollSpec {
  return { ...spec, closesAt: minutes === null ? null : now + minutes * MINUTE_MS };
}

/** An SQL condition: a prepared poll has the file. Its id, 32 random digits, is in no other text. */
export const IS_PREPARED = `EXISTS
  (SELECT 1 FROM prepared_polls AS prepared
   WHERE prepared.room = files.room AND instr(prepared.spec, files.id) > 0)`;

/** Reads the prepared polls of a room, in their order. */
export function preparedPolls(db: DatabaseSync): (room: string) => PreparedPoll[] {
  const all = db.prepare(
    'SELECT id, uid, spec FROM prepared_polls WHERE room = ? ORDER BY position',
  );
  return (room) =>
    all.all(room).map(({ id, uid, spec }) => ({
      ...(JSON.parse(String(spec)) as Omit<PreparedPoll, 'id' | 'uid'>),
      id: Number(id),
      uid: String(uid),
    }));
}
