import { createHash, randomBytes } from 'node:crypto';
import { isTooLong } from '../shared/length.ts';
import { constantTimeEqual } from './constant-time-equal.ts';

/** The longest room password, in UTF-16 units. */
export const MAX_ROOM_PASSWORD = 100;

/**
 * The salted hash of a room password. That is shared with everybody who may enter, say on a
 * blackboard: a fast hash is enough for it, as guesses are few.
 */
export function hashRoomPassword(password: string): string | null {
  if (password === '') return null;
  const salt = randomBytes(16).toString('base64url');
  return `${salt}$${digest(salt, password)}`;
}

export function verifyRoomPassword(password: string, hash: string): boolean {
  if (isTooLong(password, MAX_ROOM_PASSWORD)) return false;
  const [salt = '', expected = ''] = hash.split('$');
  const given = digest(salt, password.normalize('NFKC').trim());
  return constantTimeEqual(given, expected);
}

function digest(salt: string, password: string): string {
  return createHash('sha256').update(salt).update(password).digest('base64url');
}
