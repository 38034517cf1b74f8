import { ChatError } from '../../core/errors.ts';
import { fold } from '../../shared/fold.ts';
import { isTooLong } from '../../shared/length.ts';
import { isRoomName, MAX_NAME_CHARACTERS, toRoomName } from '../../shared/room-name.ts';

/**
 * Parses the name of a room in its address. Names that differ only in case, width or composition
 * are the same room.
 * @throws ChatError if it is invalid, with a similar valid name in its details
 */
export function parseRoomName(text: string): string {
  if (isTooLong(text, MAX_NAME_CHARACTERS)) throw new ChatError('invalid-room-name');
  const name = fold(text);
  if (isRoomName(name)) return name;
  const near = toRoomName(text);
  throw new ChatError('invalid-room-name', near ? { near } : {});
}
