import { createHash, randomBytes } from 'node:crypto';
import { isTooLong } from '../shared/length.ts';
import { constantTimeEqual } from './constant-time-equal.ts';

/** The longest room password, in UTF-16 units. */
export const MAX_ROOM_PASSWORD = 100;

/**
 * The salted hash of a room password. That is shared with everybody who may enter, say on a
 * blackboard: a fast hash is enough for it, as guesses are few.
 */
export function hashRoomPassword(word: string): string | null {
  if (word === '') return null;
  const salt = randomBytes(16).toString('base64url');
  return `${salt}$${digest(salt, word)}`;
}

export function verifyRoomPassword(word: string, hash: string): boolean {
  if (isTooLong(word, MAX_ROOM_PASSWORD)) return false;
  const [salt = '', expected = ''] = hash.split('$');
  const given = digest(salt, word.normalize('NFKC').trim());
  return constantTimeEqual(given, expected);
}

function digest(salt: string, word: string): string {
  return createHash('sha256').update(salt).update(word).digest('base64url');
}
