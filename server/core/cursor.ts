import { ChatError } from './errors.ts';

/**
 * A position in the log: everything up to the change of the message `id` by the event `seq`. An event
 * may change many messages, as an edit changes the replies that quote it: in the order of their ids.
 */
export interface Position {
  readonly seq: number;
  readonly id: number;
}

/** A client's position, and the log that it is in. */
export interface Cursor extends Position {
  readonly epoch: string;
}

/** Before everything in a log. */
export const START: Position = { seq: 0, id: 0 };

/** Comes after all changes of an event. */
const END_OF_EVENT = Number.MAX_SAFE_INTEGER;

/** The position after an event, with all of its changes. */
export function afterEvent(seq: number): Position {
  return { seq, id: END_OF_EVENT };
}

/** Whether the position `a` comes before the position `b`. */
export function isBefore(a: Position, b: Position): boolean {
  return a.seq < b.seq || (a.seq === b.seq && a.id < b.id);
}

/** `epoch.seq`; or `epoch.seq.id` where the event may have changed other messages as well. */
export function formatCursor({ epoch, seq, id }: Cursor): string {
  // The event that posts a message has its number, and changes no other.
  const isWhole = id === END_OF_EVENT || id === seq;
  return isWhole ? `${epoch}.${seq}` : `${epoch}.${seq}.${id}`;
}

/** The cursor of a client that has everything up to a change. */
export function cursorAt({ seq, id }: Position, epoch: string): string {
  return formatCursor({ epoch, seq, id });
}

/** @throws ChatError where it is not a cursor; the room checks whether it is of its log */
export function parseCursor(text: string | readonly string[]): Cursor {
  const [, epoch, seq, id] =
    /^([0-9a-z]{1,32})\.(\d{1,15})(?:\.(\d{1,15}))?$/.exec(String(text)) ?? [];
  if (epoch === undefined)
    throw new ChatError('invalid-cursor', { cursor: String(text).slice(0, 60) });
  return { epoch, seq: Number(seq), id: id === undefined ? END_OF_EVENT : Number(id) };
}
