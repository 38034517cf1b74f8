import type { Who } from '../event.ts';

/** Who makes a request or holds a line: a visitor, or one who is signed in. */
export interface Person extends Who {
  /** Proves a visitor's uid; `null` for one who is signed in, whom the session proves. */
  readonly token: string | null;
  /** The hash of the session's id; `null` for a visitor. */
  readonly session: string | null;
}
