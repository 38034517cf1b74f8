import type { DatabaseSync } from 'node:sqlite';

/** Users who may wait to be erased. */
const MAX_WAITING = 10_000;

/** The uids that the running erasure erases, in SQL. */
export const ERASED = '(SELECT uid FROM erasing WHERE seq <= (SELECT seq FROM erasure))';

/** Where the running erasure is: each step reads one table to its end. */
export interface ErasurePosition {
  readonly step: 'rooms' | 'files' | 'events';
  /** In the rooms: the one whose messages are read; empty before the first. */
  readonly room: string;
  /** The last message that was read there, or the last event. */
  readonly id: number;
}

/** An erasure of all users who waited when it began. */
interface Erasure extends ErasurePosition {
  /** The number of the last event that asked for it. */
  readonly seq: number;
}

/** Users to be erased, and how far that is. One erasure runs at a time; who asks meanwhile waits. */
interface ErasureTable {
  /** False where too many wait. */
  hasRoom(count: number): boolean;
  /** @param seq the event that asks for it */
  add(uid: string, seq: number): void;
  /** The running erasure, which begins where users wait; `undefined` where nobody does. */
  current(): Erasure | undefined;
  move(position: ErasurePosition): void;
  /** Everything is erased. */
  end(): void;
}

export function erasureTable(db: DatabaseSync): ErasureTable {
  const count = db.prepare('SELECT count(*) AS n FROM erasing');
  const insert = db.prepare('INSERT OR REPLACE INTO erasing VALUES (?, ?)');
  const select = db.prepare('SELECT seq, step, room, id FROM erasure');
  const begin = db.prepare(
    "INSERT INTO erasure SELECT max(seq), 'rooms', '', 0 FROM erasing HAVING count(*) > 0",
  );
  const update = db.prepare('UPDATE erasure SET step = ?, room = ?, id = ?');
  const forget = db.prepare(`DELETE FROM erasing WHERE uid IN ${ERASED}`);
  const remove = db.prepare('DELETE FROM erasure');
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  const running = () => select.get() as Erasure | undefined;
  return {
    hasRoom: (more) => Number(count.get()?.n) + more <= MAX_WAITING,
    add: (uid, seq) => void insert.run(uid, seq),
    current() {
      const found = running();
      if (found) return found;
      begin.run();
      return running();
    },
    move: ({ step, room, id }) => void update.run(step, room, id),
    end() {
      forget.run();
      remove.run();
    },
  };
}
