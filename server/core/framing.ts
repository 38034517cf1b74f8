import type { Fragment, TextType } from '../features/messages/fragment.ts';
import type { Format } from '../transports/framing/format.ts';

/** An ephemeral message, in a client's format. */
export type EphemeralMessage = (format: Format) => readonly string[];

/**
 * How a stream carries messages: the bytes of whole frames, ready to be joined with others. An
 * empty buffer sends nothing.
 */
export interface Framing {
  /** Which form of a message it carries. */
  readonly type: TextType;
  /** Whether it carries only new messages, and no changes of earlier ones. */
  readonly isAppendOnly: boolean;
  /**
   * Messages, each in its final state up to `epoch.seq`.
   * @param isAnew earlier messages no longer exist
   */
  messages(fragments: readonly Fragment[], epoch: string, isAnew: boolean): Buffer;
  reset(): Buffer;
  synced(cursor: string): Buffer;
  /** What is not in the log, and so has no position in a cursor. */
  ephemeral(tell: EphemeralMessage): Buffer;
}

export const EMPTY = Buffer.alloc(0);
