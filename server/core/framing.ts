import type { Fragment, TextType } from '../features/messages/fragment.ts';
import type { Speech } from '../transports/framing/format.ts';

/** Something to be told, in whatever speech the client has. */
export type Tell = (speech: Speech) => readonly string[];

/**
 * How a stream carries what is said: the bytes of whole frames, ready to be joined with others. An
 * empty buffer says nothing.
 */
export interface Encoding {
  /** What it carries of a message. */
  readonly type: TextType;
  /** Whether it carries new messages alone, and no change of what was said before. */
  readonly isNewOnly: boolean;
  /**
   * Messages, each the last word on itself up to `epoch.seq`.
   * @param isAnew what came before is not there any more
   */
  messages(fragments: readonly Fragment[], epoch: string, isAnew: boolean): Buffer;
  gap(): Buffer;
  live(cursor: string): Buffer;
  /** What is not in the log, and so has no place in a cursor. */
  beside(tell: Tell): Buffer;
}

export const nothing = Buffer.alloc(0);
