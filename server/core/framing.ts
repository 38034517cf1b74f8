import type { Fragment, TextType } from '../features/messages/fragment.ts';
import type { Format } from '../transports/framing/format.ts';

/** Something to be told, in whatever speech the client has. */
export type EphemeralMessage = (format: Format) => readonly string[];

/**
 * How a stream carries what is said: the bytes of whole frames, ready to be joined with others. An
 * empty buffer says nothing.
 */
export interface Framing {
  /** What it carries of a message. */
  readonly type: TextType;
  /** Whether it carries new messages alone, and no change of what was said before. */
  readonly isAppendOnly: boolean;
  /**
   * Messages, each the last word on itself up to `epoch.seq`.
   * @param isAnew what came before is not there any more
   */
  messages(fragments: readonly Fragment[], epoch: string, isAnew: boolean): Buffer;
  reset(): Buffer;
  synced(cursor: string): Buffer;
  /** What is not in the log, and so has no place in a cursor. */
  ephemeral(tell: EphemeralMessage): Buffer;
}

export const EMPTY = Buffer.alloc(0);
