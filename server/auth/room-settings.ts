import { isComparisonRoom } from '../shared/comparison-room.ts';
import { DEFAULT_STAGE, type Stage } from '../shared/stage.ts';

/** A mute or ban of a user in a room. */
export interface Sanction {
  readonly kind: 'mute' | 'ban';
  readonly uid: string;
  readonly name: string | null;
  /** It also applies to everybody at this address. */
  readonly address: string | null;
  /** The user's browsers: it also applies to any other user in them. Older sanctions have none. */
  readonly browsers?: readonly string[];
  /** Milliseconds since 1970; `null` means permanently. */
  readonly until: number | null;
}

/** Who can start polls in a room that has an owner. */
export type PollCreators = 'moderators' | 'everyone';

/** What a room is for: to chat, or for an audience that first sees what is asked. */
export type RoomKind = 'chat' | 'class';

/** The settings of a room: the result of all actions in it. */
export interface Settings {
  /** Its creator, or to whom the ownership was transferred; `null` for a room nobody created. */
  readonly owner: string | null;
  /** What the room is called; its name is its address. */
  readonly title: string;
  readonly topic: string;
  readonly kind: RoomKind;
  /** The digits of its short address; `null` before anything has happened in it. */
  readonly joinCode: string | null;
  readonly isListed: boolean;
  /** The salted hash of the room password. */
  readonly passwordHash: string | null;
  readonly isLocked: boolean;
  /** Whether guests may only read: who writes or votes has a name. */
  readonly requiresName: boolean;
  readonly slowModeSeconds: number;
  /** Who can start polls, where the room has an owner; in a room without one, everybody can. */
  readonly pollCreators: PollCreators;
  /** The number of the event that last cleared the history: nothing before it is visible. */
  readonly clearedSeq: number;
  /** For how many days messages are kept; `null`: as long as the server keeps them. */
  readonly keepDays: number | null;
  /** The last message that was removed because it was older: those before it are gone, too. */
  readonly expiredId: number;
  readonly sanctions: readonly Sanction[];
  /** The ids of the pinned messages, in the order in which they were pinned. */
  readonly pinned: readonly number[];
  /** Whether the room was deleted, and nobody has created it again or posted in it since. */
  readonly isDeleted: boolean;
  /** What the projectors show. */
  readonly stage: Stage;
  /** That of the server: see ServerSettings. */
  readonly guestsMayWrite: boolean;
}

export function defaultSettings(room: string): Settings {
  return {
    owner: null,
    title: room,
    topic: '',
    kind: 'chat',
    joinCode: null,
    isListed: !isComparisonRoom(room),
    passwordHash: null,
    isLocked: false,
    requiresName: false,
    slowModeSeconds: 0,
    pollCreators: 'moderators',
    clearedSeq: 0,
    keepDays: null,
    expiredId: 0,
    sanctions: [],
    pinned: [],
    isDeleted: false,
    stage: DEFAULT_STAGE,
    guestsMayWrite: true,
  };
}

/** Whether the room may be listed for everybody. */
export function isPublic({ isListed, passwordHash }: Settings): boolean {
  return isListed && passwordHash === null;
}
