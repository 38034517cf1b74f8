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
export const LENT_MS = 24 * 60 * 60 * 1000;
/** A session of a kept name ends when it was not used for so long. */
export const KEPT_MS = 90 * LENT_MS;

type Use = Pick<Session, 'isKept' | 'seen'>;

/** When it ends, unless it is used again. Milliseconds since 1970. */
export function endOf({ isKept, seen }: Use): number {
  return seen + (isKept ? KEPT_MS : LENT_MS);
}

export function isOver(session: Use, now: number): boolean {
  return now > endOf(session);
}
