import type { NotificationLevel } from '../../shared/notification-levels.ts';

/** What the store knows of a signed-in user in a room: for them alone. */
export interface Membership {
  /** The last message of those they have read, all earlier ones included. */
  readonly readId: number;
  /** `null` until they choose. */
  readonly notifications: NotificationLevel | null;
}

/** A change of it: what is `null` stays as it is. */
export interface MembershipChange {
  readonly uid: string;
  readonly room: string;
  /** It never goes back: the higher position counts. */
  readonly readId: number | null;
  readonly notifications: NotificationLevel | null;
}

/** A room of a user, for their list of rooms. */
export interface MemberRoom extends Membership {
  readonly room: string;
  /** Messages of others after the read position, counted up to a limit. */
  readonly unread: number;
  /** How many of all unread messages mention the user, counted up to the same limit. */
  readonly mentions: number;
}
