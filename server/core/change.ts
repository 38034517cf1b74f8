import type { Settings } from '../auth/room-settings.ts';
import type { Session } from '../auth/session.ts';
import type { Vote } from '../features/polls/vote.ts';
import type { Message } from './message.ts';

/** What an event changed, each in its current state. An event that posts a message changes no other. */
export interface Change {
  /** The number of the event. */
  readonly seq: number;
  /** The room it happened in; `null` where it is about a session. */
  readonly room: string | null;
  readonly message?: Message;
  /** Replies that no longer quote it, in the order of their ids, which come after its own. */
  readonly requoted?: readonly Message[];
  readonly settings?: Settings;
  /** A vote to be counted. */
  readonly vote?: Vote;
  /** The ids of files that are no longer used. */
  readonly freed?: readonly string[];
  /** The session that started or continues. */
  readonly session?: Session;
  /** The sessions that ended, by the hash of their ids. */
  readonly ended?: readonly string[];
}
