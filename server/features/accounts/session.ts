/** One who is signed in, in one browser. */
export interface Session {
  /** The hash of its id, which only the browser has. */
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  /** Whether the name is kept with a passphrase. */
  readonly isKept: boolean;
  readonly isModerator: boolean;
  /** When it was used last, to the hour. Milliseconds since 1970. */
  readonly seen: number;
}

/** A name without a passphrase is free again when its session was not used for so long. */
export const GUEST_NAME_TTL_MS = 24 * 60 * 60 * 1000;
/** A session of a kept name ends when it was not used for so long. */
export const SESSION_TTL_MS = 90 * GUEST_NAME_TTL_MS;

type Use = Pick<Session, 'isKept' | 'seen'>;

/** When it ends, unless it is used again. Milliseconds since 1970. */
export function endOf({ isKept, seen }: Use): number {
  return seen + (isKept ? SESSION_TTL_MS : GUEST_NAME_TTL_MS);
}

export function isExpired(session: Use, now: number): boolean {
  return now > endOf(session);
}
