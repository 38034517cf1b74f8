/** A user chose a name, and a session started. */
export interface SignedIn {
  readonly kind: 'signed-in';
  /** The uid of the name from now on, unless it is protected by a password and has one. */
  readonly uid: string;
  readonly name: string;
  /** The uid of the guest who signs in, proved by their token; `null` for none. */
  readonly guest: string | null;
  /** Equal for names that look alike. */
  readonly nameSkeleton: string;
  /** The hash of the session's id. */
  readonly session: string;
  /** The hash of the password that protects the name. */
  readonly passwordHash: string | null;
  /** The hash that the given password matched. */
  readonly verifiedHash: string | null;
  readonly at: number;
}

/** A session was used, ended, or became a moderator's. */
interface SessionChanged {
  readonly kind: 'session-touched' | 'signed-out' | 'moderator-granted';
  readonly session: string;
  readonly at: number;
}

/** The password of a name changed: the session continues under a new id, and all others end. */
interface PasswordChanged {
  readonly kind: 'password-changed';
  readonly session: string;
  readonly nextSession: string;
  readonly passwordHash: string;
  readonly at: number;
}

export type SessionEvent = SignedIn | SessionChanged | PasswordChanged;
