import type { Actor } from '../core/event.ts';

/** Somebody as far as it matters to where they may be. */
export type Principal = Pick<Actor, 'uid' | 'isModerator' | 'address' | 'browser'>;

/** One who has not said who they are is known by where they come from, and by what browser. */
export function principalOf(address: string, browser: string | null): Principal {
  return { uid: '', isModerator: false, address, browser };
}

/** Who makes a request or holds a line: a visitor, or one who is signed in. */
export interface User extends Actor {
  /** Proves a visitor's uid; `null` for one who is signed in, whom the session proves. */
  readonly token: string | null;
  /** The hash of the session's id; `null` for a visitor. */
  readonly session: string | null;
}
