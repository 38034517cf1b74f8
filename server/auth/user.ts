import type { Actor, Principal } from '../core/actor.ts';

/** A client that has not identified itself is known by its address and its browser. */
export function principalOf(address: string, browser: string | null): Principal {
  return { uid: '', name: null, isModerator: false, address, browser };
}

/** Whether something is a user's own: of their uid, or of one they had as a guest. */
export function isOwn({ uid, formerGuests }: User, author: string): boolean {
  return uid === author || formerGuests.includes(author);
}

/** What an event has of a user: it is copied to another thread. */
export function actorOf({ uid, name, isModerator, address, browser }: User): Actor {
  return { uid, name, isModerator, address, browser };
}

/** The author of something, for the rules in permissions.ts: the user where it is their own. */
export function authorFor(user: User | undefined, author: string): { readonly uid: string } {
  return { uid: user && isOwn(user, author) ? user.uid : author };
}

/** Who makes a request or has a connection: a guest, or a user who is signed in. */
export interface User extends Actor {
  /** Proves a guest's uid; `null` for a signed-in user, whom the session proves. */
  readonly token: string | null;
  /** The hash of the session's id; `null` for a guest. */
  readonly session: string | null;
  /** The uids that a user had as a guest: none for a guest. */
  readonly formerGuests: readonly string[];
  /** Whether they own the server. */
  readonly isOwner: boolean;
}
