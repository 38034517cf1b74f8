import type { Session } from '../features/accounts/session.ts';
import type { Settings } from '../features/moderation/room-settings.ts';
import type { Vote } from '../features/polls/vote.ts';
import type { Message } from './message.ts';

/** What an event changed, each thing as it stands now. */
export interface Change {
  /** The number of the event. */
  readonly seq: number;
  /** The room it happened in; none where it is about a session. */
  readonly room: string | null;
  readonly message?: Message;
  /** The replies that do not quote it any more, changed before it. */
  readonly requoted?: readonly Message[];
  readonly settings?: Settings;
  /** Somebody's vote, that is to be counted. */
  readonly vote?: Vote;
  /** The ids of files that are nobody's any more. */
  readonly freed?: readonly string[];
  /** The session that began or goes on. */
  readonly session?: Session;
  /** The sessions that ended, by the hash of their ids. */
  readonly ended?: readonly string[];
}
