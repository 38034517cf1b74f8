import type { Refusal } from '../errors.ts';
import type { Language } from '../words.ts';
import type { Fragment } from './fragment.ts';

/**
 * How a stream says things to its client: each method gives the bytes to write, whole frames, ready
 * to be joined with others. An empty buffer says nothing.
 */
export interface Encoding {
  /** Who the client is to the server, and where the room stands. */
  welcome(welcome: Welcome): Buffer;
  messages(fragments: readonly Fragment[]): Buffer;
  /** What came before is not the whole: the client forgets it, and what follows begins anew. */
  gap(): Buffer;
  /** The client has all there is, up to the cursor; from here on it hears what happens. */
  live(cursor: string): Buffer;
  /** What was refused, and why. */
  notice(refusal: Refusal, language: Language, cid: string | null): Buffer;
}

export interface Welcome {
  readonly uid: string;
  /** Proves to the server, next time, that the client is this visitor. */
  readonly token: string;
}
