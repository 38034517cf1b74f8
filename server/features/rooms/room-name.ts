import { ChatError } from '../../core/errors.ts';
import { isTooLong } from '../../shared/length.ts';

/**
 * 1 to 40 letters, digits, `-` or `_`. A letter may carry two marks, as those of many scripts do.
 * Letters that show nothing, such as the Hangul filler, are not letters to a reader.
 */
const LETTER = String.raw`(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{Nd}_\-]\p{M}{0,2}`;
const NAME = new RegExp(`^(?:${LETTER}){1,40}$`, 'v');
const REST = new RegExp(`(?:(?!${LETTER}).)+`, 'gsv');

/** A letter and its two marks. */
const MAX_CHARACTERS = 40 * 3;

/**
 * A room's name as its address says it, after NFC: the same letters, the same room.
 * @throws ChatError where no room can have this name; a name near to it is in its details
 */
export function parseRoomName(text: string): string {
  if (isTooLong(text, MAX_CHARACTERS)) throw new ChatError('no-room');
  const name = text.normalize('NFC');
  if (NAME.test(name)) return name;
  const near = [...name.replace(REST, '-').replace(/^-|-$/g, '')].slice(0, 40).join('');
  throw new ChatError('no-room', NAME.test(near) ? { near } : {});
}
