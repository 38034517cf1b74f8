import type { PollCreators } from '../auth/room-settings.ts';
import type { SessionEvent } from '../auth/session-events.ts';
import type { Actor, UserRef } from '../core/actor.ts';

interface RoomEventBase {
  readonly room: string;
  readonly who: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A message was posted. */
export interface MessagePosted extends RoomEventBase {
  readonly kind: 'message-posted';
  /** The sender's own id for it: the same `cid` from the same sender is the same message. */
  readonly cid: string | null;
  readonly body: string;
  /** The message it replies to. */
  readonly reply: number | null;
  /** The ids of its attachments. */
  readonly files: readonly string[];
}

/** A message was edited by its author. */
export interface MessageEdited extends RoomEventBase {
  readonly kind: 'message-edited';
  readonly id: number;
  /** Empty only where the message has attachments. */
  readonly body: string;
}

/** Somebody reacted to a message with an emoji, or removed the reaction. */
export interface ReactionToggled extends RoomEventBase {
  readonly kind: 'reaction-toggled';
  readonly id: number;
  readonly emoji: string;
  /** Whether the reaction is set; `null` toggles it. */
  readonly enabled: boolean | null;
}

/** A message was deleted. A tombstone stays in its place. */
export interface MessageDeleted extends RoomEventBase {
  readonly kind: 'message-deleted';
  readonly id: number;
}

/** What a moderator does to a room; each is a system message in its history. */
export type RoomAction =
  | {
      readonly type: 'room-created';
      readonly topic: string;
      readonly isListed: boolean;
      readonly passwordHash: string | null;
    }
  | { readonly type: 'topic-changed'; readonly text: string }
  | { readonly type: 'listing-changed'; readonly enabled: boolean }
  /** `passwordHash` is the salted hash of the password. */
  | { readonly type: 'password-changed'; readonly passwordHash: string | null }
  | { readonly type: 'lock-changed'; readonly enabled: boolean }
  /** Seconds between two messages of a user; 0 is no limit. */
  | { readonly type: 'slow-mode-changed'; readonly seconds: number }
  | { readonly type: 'poll-creators-changed'; readonly creators: PollCreators }
  | { readonly type: 'history-cleared' }
  /** A message was pinned or unpinned. */
  | { readonly type: 'message-pinned' | 'message-unpinned'; readonly id: number }
  /**
   * For so many minutes; `null` is permanent. An address extends it to everybody at that address.
   * `browsers` are those the user is online with; the store adds those they posted from.
   */
  | {
      readonly type: 'user-muted' | 'user-banned';
      readonly whom: UserRef;
      readonly minutes: number | null;
      readonly address: string | null;
      readonly browsers?: readonly string[];
    }
  | {
      readonly type: 'restrictions-lifted';
      readonly whom: UserRef;
      readonly browsers?: readonly string[];
    }
  | { readonly type: 'ownership-transferred'; readonly whom: UserRef };

export interface RoomActed extends RoomEventBase {
  readonly kind: 'room-action';
  readonly action: RoomAction;
}

/**
 * How a poll is answered: by choosing options, by claps that all count, with a rating from 1 to 5,
 * or by suggesting options: short answers that form a word cloud, or questions that others upvote.
 */
export type PollKind = 'choice' | 'applause' | 'rating' | 'word-cloud' | 'q-and-a';

/** A poll, as it is created. */
export interface PollSpec {
  readonly kind: PollKind;
  readonly question: string;
  /** Empty at first, where users suggest the options. */
  readonly options: readonly string[];
  /** How many options a user may choose. */
  readonly maxChoices: number;
  /** Whether a vote can be changed or taken back. */
  readonly canChangeVote: boolean;
  /** When the results are shown: always, after voting, or after the poll closes. */
  readonly resultsVisibility: 'always' | 'after-vote' | 'after-close';
  /** Whether votes are anonymous: nobody sees who voted for what. */
  readonly isAnonymous: boolean;
  /** When it closes automatically. Milliseconds since 1970. */
  readonly closesAt: number | null;
}

/** A poll was created: it is a message. */
export interface PollCreated extends RoomEventBase {
  readonly kind: 'poll-created';
  readonly cid: string | null;
  readonly poll: PollSpec;
  /** The ids of images for its options, in the same order. */
  readonly files: readonly string[];
}

/** Somebody voted for these options, by their index, and no others. */
export interface VotesSet extends RoomEventBase {
  readonly kind: 'votes-set';
  /** The poll's message. */
  readonly id: number;
  readonly options: readonly number[];
}

/** Somebody chose one more option, or took that back. */
export interface VoteToggled extends RoomEventBase {
  readonly kind: 'vote-toggled';
  readonly id: number;
  readonly option: number;
  readonly enabled: boolean;
}

/**
 * Somebody suggested an option, and voted for it; if it exists already, they voted for that one.
 * With `on` false they took back their vote for this text.
 */
export interface OptionSuggested extends RoomEventBase {
  readonly kind: 'option-suggested';
  readonly id: number;
  readonly text: string;
  readonly enabled: boolean;
}

export type Ballot = VotesSet | VoteToggled | OptionSuggested;

/** A suggested option was marked as answered, reopened, or removed for good. */
export interface OptionModerated extends RoomEventBase {
  readonly kind: 'option-moderated';
  readonly id: number;
  readonly option: number;
  readonly state: OptionState;
}

export type OptionState = 'open' | 'answered' | 'removed';

/** A poll was closed, reopened or reset, or its results were revealed. */
export interface PollChanged extends RoomEventBase {
  readonly kind: 'poll-changed';
  readonly id: number;
  readonly action: 'closed' | 'reopened' | 'reset' | 'revealed';
}

/** New votes were counted: by the server itself, a few times a second at most. */
export interface PollTallied {
  readonly kind: 'poll-tallied';
  readonly room: string;
  readonly id: number;
  readonly at: number;
}

/** A file that was uploaded to a room, to be attached to a message. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Set for an image that this server re-encoded; `null` for any other file. */
  readonly picture: ImageInfo | null;
}

export interface ImageInfo {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  /** The size of its preview; `null` where the image is small itself. */
  readonly preview: { readonly width: number; readonly height: number } | null;
  /** It is animated. */
  readonly isAnimated?: true;
  /** It was animated, in a format of which only the first frame can be kept. */
  readonly isFirstFrame?: true;
}

/** A file is on the disk: its uploader may attach it to one message. */
export interface FileUploaded extends RoomEventBase {
  readonly kind: 'file-uploaded';
  readonly file: Attachment;
}

/** Files that no message carries were discarded. */
export interface UploadsExpired {
  readonly kind: 'uploads-expired';
  readonly files: readonly string[];
  readonly at: number;
}

export type FileEvent = FileUploaded | UploadsExpired;
export type PollEvent = PollCreated | Ballot | OptionModerated | PollChanged | PollTallied;
export type RoomEvent =
  | MessagePosted
  | MessageEdited
  | MessageDeleted
  | ReactionToggled
  | RoomActed
  | PollEvent;

/** Everything that can happen. The log numbers each event, the store applies it. */
export type Event = RoomEvent | FileEvent | SessionEvent;
