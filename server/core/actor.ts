/** Who does something: a guest, or a user who is signed in under a name. */
export interface Actor {
  readonly uid: string;
  readonly name: string | null;
  /** Whether they moderate every room: they own the server, or hold its moderator key. */
  readonly isModerator: boolean;
  /** Their address, for rate limits and bans. It is not stored with the event. */
  readonly address: string;
  /** The browser they use: all its tabs vote once, and are banned together. `null` for programs. */
  readonly browser: string | null;
}

/** Another user, as a room action names them. */
export interface UserRef {
  readonly uid: string;
  readonly name: string | null;
}

/** What access to a room depends on: who somebody is, and where they connect from. */
export type Principal = Pick<Actor, 'uid' | 'name' | 'isModerator' | 'address' | 'browser'>;
