import type { Fragment, TextType } from './fragment.ts';

/** An ephemeral message, in as many texts as it takes. */
export type EphemeralMessage = (type: TextType) => readonly string[];

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
   * @param isReset earlier messages no longer exist
   */
  messages(fragments: readonly Fragment[], epoch: string, isReset: boolean): Buffer;
  reset(): Buffer;
  synced(cursor: string): Buffer;
  /** What is not in the log, and so has no position in a cursor. */
  ephemeral(message: EphemeralMessage): Buffer;
}

export const EMPTY = Buffer.alloc(0);
