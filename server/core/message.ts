/** A message in its current state: the sum of the events about it. */
export interface Message {
  /** The number of the event that posted it; it identifies the message. */
  readonly id: number;
  /** The number of the last event that changed it. */
  readonly seq: number;
  readonly room: string;
  /** A user's message, a deleted one, a system message, or a poll. */
  readonly kind: 'message' | 'deleted' | 'system' | 'poll';
  readonly uid: string;
  /** The name of its author; `null` for a guest. */
  readonly name: string | null;
  readonly cid: string | null;
  /** The text; for a system message the action as JSON, for a poll its state. */
  readonly body: string;
  /** Its attachments, as JSON; `null` for none. */
  readonly files: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When its author last edited it. Milliseconds since 1970. */
  readonly edited: number | null;
  /** The message it replies to. */
  readonly reply: number | null;
  /** What it quotes of that message, as JSON: see quote.ts. */
  readonly quote: string | null;
  /** The reactions to it, as JSON: see reaction.ts. */
  readonly reactions: string | null;
}

/** The length of a message and of what is stored with it, in UTF-16 units. */
export function lengthOf({ body, files, quote, reactions }: Message): number {
  return body.length + (files?.length ?? 0) + (quote?.length ?? 0) + (reactions?.length ?? 0);
}
