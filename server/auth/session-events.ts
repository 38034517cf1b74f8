/** A user chose a name, and a session started. */
export interface SignedIn {
  readonly kind: 'signed-in';
  /** The uid of the name from now on, unless it is protected by a password and has one. */
  readonly uid: string;
  readonly name: string;
  /** Equal for names that look alike. */
  readonly key: string;
  /** The hash of the session's id. */
  readonly session: string;
  /** The hash of the password that protects the name. */
  readonly keep: string | null;
  /** The hash that the given password matched. */
  readonly proof: string | null;
  readonly at: number;
}

/** A session was used, ended, or became a moderator's. */
export interface SessionChanged {
  readonly kind: 'session-used' | 'signed-out' | 'moderates';
  readonly session: string;
  readonly at: number;
}

/** The password of a name changed: the session continues under a new id, and all others end. */
export interface Rekeyed {
  readonly kind: 'rekeyed';
  readonly session: string;
  readonly next: string;
  readonly keep: string;
  readonly at: number;
}

export type SessionEvent = SignedIn | SessionChanged | Rekeyed;
