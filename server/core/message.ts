/** A message as it stands now: what the events about it add up to. */
export interface Message {
  /** The number of the event that posted it; it names the message. */
  readonly id: number;
  /** The number of the last event that changed it. */
  readonly seq: number;
  readonly room: string;
  /** Said by a person, taken away since, what was done to the room, or a poll. */
  readonly kind: 'said' | 'deleted' | 'act' | 'poll';
  readonly uid: string;
  /** The name its author bore; `null` for a visitor without one. */
  readonly name: string | null;
  readonly cid: string | null;
  /** The text; of an act, the act as JSON, and of a poll how it stands. */
  readonly body: string;
  /** The files it carries, as JSON; `null` for none. */
  readonly files: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When its author changed it last. Milliseconds since 1970. */
  readonly edited: number | null;
  /** The message it answers. */
  readonly reply: number | null;
  /** What it shows of the message it answers, as JSON: see quote.ts. */
  readonly quote: string | null;
  /** How people reacted to it, as JSON: see reaction.ts. */
  readonly reactions: string | null;
}

/** How much was written in a message and about it, in UTF-16 units. */
export function lengthOf({ body, files, quote, reactions }: Message): number {
  return body.length + (files?.length ?? 0) + (quote?.length ?? 0) + (reactions?.length ?? 0);
}
