import type { Change } from '../core/change.ts';

/** A user signed in with a name, in one browser. */
export interface Session {
  /** The hash of its id; only the browser has the id itself. */
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  /** Whether the name has a password. */
  readonly isKept: boolean;
  /** Whether the session holds the server's moderator key. */
  readonly isModerator: boolean;
  /** Whether the user owns the server. */
  readonly isOwner: boolean;
  /** The uids that the user had as a guest, before signing in: what those did is theirs. */
  readonly formerGuests: readonly string[];
  /** When it was last used, to the hour. Milliseconds since 1970. */
  readonly seen: number;
}

/** What an event changed of sessions. */
export interface SessionChange extends Change {
  /** The session that started or continues. */
  readonly session?: Session;
  /** The sessions that ended, by the hash of their ids. */
  readonly ended?: readonly string[];
  /** The guest who became the user of the session, by their uid. */
  readonly carriedGuest?: string;
  /** The uids of users who are being erased: nobody is one of them any more. */
  readonly erased?: readonly string[];
  /** The user who became the owner of the server, by their uid. */
  readonly owner?: string;
}

/** A name without a password is released after its session was unused for this long. */
export const GUEST_NAME_TTL_MS = 24 * 60 * 60 * 1000;
/** A session of a name with a password ends after it was unused for this long. */
export const SESSION_TTL_MS = 90 * GUEST_NAME_TTL_MS;

type Use = Pick<Session, 'isKept' | 'seen'>;

/** When it expires if it isn't used again. Milliseconds since 1970. */
export function endOf({ isKept, seen }: Use): number {
  return seen + (isKept ? SESSION_TTL_MS : GUEST_NAME_TTL_MS);
}

export function isExpired(session: Use, now: number): boolean {
  return now > endOf(session);
}
