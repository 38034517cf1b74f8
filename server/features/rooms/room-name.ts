import { ChatError } from '../../core/errors.ts';
import { fold } from '../../shared/fold.ts';
import { isTooLong } from '../../shared/length.ts';
import { isRoomName, MAX_NAME_CHARACTERS, toRoomName } from '../../shared/room-name.ts';

/** Rooms by their addresses from when names differed by case. */
export type Spellings = ReadonlyMap<string, string>;

/**
 * The name of the room at an address. Names that differ only in case, width or composition are the
 * same room. `undefined` where the address is invalid.
 */
export function roomNameOf(text: string, spellings: Spellings = new Map()): string | undefined {
  if (isTooLong(text, MAX_NAME_CHARACTERS)) return undefined;
  const spelled = spellings.get(text.normalize('NFC'));
  if (spelled !== undefined) return spelled;
  const name = fold(text);
  return isRoomName(name) ? (spellings.get(name) ?? name) : undefined;
}

/**
 * The same.
 * @throws ChatError where the address is invalid, with a similar valid name in its details
 */
export function parseRoomName(text: string, spellings?: Spellings): string {
  const name = roomNameOf(text, spellings);
  if (name !== undefined) return name;
  const near = nearestName(text);
  throw new ChatError('invalid-room-name', near ? { near } : {});
}

/** A valid name that is similar to a text; empty where there is none. */
export function nearestName(text: string): string {
  return isTooLong(text, MAX_NAME_CHARACTERS) ? '' : toRoomName(text);
}
