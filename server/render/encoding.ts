import type { Fragment } from './fragment.ts';

/**
 * How a stream carries what is said: the bytes of whole frames, ready to be joined with others. An
 * empty buffer says nothing.
 */
export interface Encoding {
  /** Messages, each the last word on itself up to `epoch.seq`. */
  messages(fragments: readonly Fragment[], epoch: string): Buffer;
  gap(): Buffer;
  live(cursor: string): Buffer;
}

export const nothing = Buffer.alloc(0);
