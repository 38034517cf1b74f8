import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isComparisonRoom } from '../../shared/comparison-room.ts';

const MIN_DIGITS = 4;
const MAX_DIGITS = 9;
/** Codes of a length that are tried for a room before longer ones are. */
const TRIES = 20;

const CODE = new RegExp(`^\\d{${MIN_DIGITS},${MAX_DIGITS}}$`);

export function isJoinCode(text: string): boolean {
  return CODE.test(text);
}

/**
 * Assigns join codes: a few digits that are easily typed, and lead to the address of a room. A code is
 * derived from the name of the room and from the codes that are in use, so that applying an event
 * needs no random value. It is no secret.
 */
export function joinCodes(db: DatabaseSync) {
  const find = db.prepare('SELECT 1 FROM join_codes WHERE code = ?');
  const insert = db.prepare('INSERT INTO join_codes VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM join_codes WHERE room = ?');
  return {
    /** `null` where the room has none. */
    assign(room: string): string | null {
      if (isComparisonRoom(room)) return null;
      for (const code of candidates(room)) {
        if (find.get(code)) continue;
        insert.run(code, room);
        return code;
      }
      return null;
    },
    /** The room's code leads nowhere, and is free for others. */
    release(room: string): void {
      remove.run(room);
    },
  };
}

function* candidates(room: string): Generator<string> {
  for (let digits = MIN_DIGITS; digits <= MAX_DIGITS; digits += 1) {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const hash = createHash('sha256').update(`${digits} ${attempt} ${room}`).digest();
      yield `${hash.readUInt32BE() % 10 ** digits}`.padStart(digits, '0');
    }
  }
}
