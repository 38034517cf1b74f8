import type { Settings } from '../auth/room-settings.ts';
import type { ServerSettings } from '../auth/server-settings.ts';
import type { SessionChange } from '../auth/session.ts';
import type { Log, Undated } from '../core/log.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Event } from './events.ts';
import type { Membership } from './memberships/membership.ts';
import type { Vote } from './polls/vote.ts';

/** All that an event can change. */
export interface ChatChange extends SessionChange {
  readonly settings?: Settings;
  /** A user's membership of the room, as it is now: for them alone. */
  readonly membership?: Membership & { readonly uid: string };
  /** A vote to be counted. */
  readonly vote?: Vote;
  /** What the owner of the server set for all rooms, as it is now. */
  readonly serverSettings?: ServerSettings;
  /** The ids of files that are no longer used. */
  readonly freed?: readonly string[];
  /** What else it changed, in each room concerned: where a guest signs in, or users read on. */
  readonly inRooms?: readonly ChatChange[];
}

/** The outcome of an event of this server. */
export type ChatOutcome = Outcome<ChatChange>;

/** The log of this server. */
export type ChatLog = Log<Undated<Event>, ChatChange>;
