import { ChatError } from '../../core/errors.ts';
import { isTooLong } from '../../shared/length.ts';

/**
 * 1 to 40 letters, digits, `-` or `_`. A letter may have two marks, as in many scripts. Invisible
 * letters, such as the Hangul filler, don't count as letters.
 */
const LETTER = String.raw`(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{Nd}_\-]\p{M}{0,2}`;
const NAME = new RegExp(`^(?:${LETTER}){1,40}$`, 'v');
const REST = new RegExp(`(?:(?!${LETTER}).)+`, 'gsv');

/** Each letter may have two marks. */
const MAX_CHARACTERS = 40 * 3;

/**
 * Parses the name of a room in its address, normalized to NFC: the same letters are the same room.
 * @throws ChatError if it is invalid, with a similar valid name in its details
 */
export function parseRoomName(text: string): string {
  if (isTooLong(text, MAX_CHARACTERS)) throw new ChatError('invalid-room-name');
  const name = text.normalize('NFC');
  if (NAME.test(name)) return name;
  const near = [...name.replace(REST, '-').replace(/^-|-$/g, '')].slice(0, 40).join('');
  throw new ChatError('invalid-room-name', NAME.test(near) ? { near } : {});
}

/** Whether a text is the name of a room as `parseRoomName` returns it. */
export function isRoomName(text: string): boolean {
  return !isTooLong(text, MAX_CHARACTERS) && text.normalize('NFC') === text && NAME.test(text);
}
