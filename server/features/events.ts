import type { SessionEvent } from '../auth/session-events.ts';
import type { Actor, UserRef } from '../core/actor.ts';

interface RoomEventBase {
  readonly room: string;
  readonly who: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A message was posted. */
export interface Posted extends RoomEventBase {
  readonly kind: 'posted';
  /** The sender's own id for it: the same `cid` from the same sender is the same message. */
  readonly cid: string | null;
  readonly body: string;
  /** The message it replies to. */
  readonly reply: number | null;
  /** The ids of its attachments. */
  readonly files: readonly string[];
}

/** A message was edited by its author. */
export interface Edited extends RoomEventBase {
  readonly kind: 'edited';
  readonly id: number;
  /** Empty only where the message has attachments. */
  readonly body: string;
}

/** Somebody reacted to a message with an emoji, or removed the reaction. */
export interface Reacted extends RoomEventBase {
  readonly kind: 'reacted';
  readonly id: number;
  readonly emoji: string;
  /** Whether the reaction is set; `null` toggles it. */
  readonly on: boolean | null;
}

/** A message was deleted. A tombstone stays in its place. */
export interface Deleted extends RoomEventBase {
  readonly kind: 'deleted';
  readonly id: number;
}

/** What a moderator does to a room; each is a system message in its history. */
export type Act =
  | {
      readonly act: 'made';
      readonly topic: string;
      readonly isListed: boolean;
      readonly word: string | null;
    }
  | { readonly act: 'topic'; readonly text: string }
  | { readonly act: 'listed'; readonly on: boolean }
  /** `word` is the salted hash of the password. */
  | { readonly act: 'worded'; readonly word: string | null }
  | { readonly act: 'locked'; readonly on: boolean }
  /** Seconds between two messages of a user; 0 is no limit. */
  | { readonly act: 'slowed'; readonly seconds: number }
  | { readonly act: 'cleared' }
  /** A message was pinned or unpinned. */
  | { readonly act: 'pinned'; readonly id: number; readonly on: boolean }
  /**
   * For so many minutes; `null` is permanent. An address extends it to everybody at that address.
   * `browsers` are those the user is online with; the store adds those they posted from.
   */
  | {
      readonly act: 'silenced' | 'removed';
      readonly whom: UserRef;
      readonly minutes: number | null;
      readonly address: string | null;
      readonly browsers?: readonly string[];
    }
  | { readonly act: 'pardoned'; readonly whom: UserRef; readonly browsers?: readonly string[] }
  | { readonly act: 'handed'; readonly whom: UserRef };

export interface Acted extends RoomEventBase {
  readonly kind: 'acted';
  readonly act: Act;
}

/**
 * How a poll is answered: by choosing options, by claps that all count, with a rating from 1 to 5,
 * or by suggesting options: short answers that form a word cloud, or questions that others upvote.
 */
export type PollKind = 'choice' | 'applause' | 'rating' | 'words' | 'questions';

/** A poll, as it is created. */
export interface PollSpec {
  readonly kind: PollKind;
  readonly question: string;
  /** Empty at first, where users suggest the options. */
  readonly options: readonly string[];
  /** How many options a user may choose. */
  readonly most: number;
  /** Whether a vote can be changed or taken back. */
  readonly mayChange: boolean;
  /** When the results are shown: always, after voting, or after the poll closes. */
  readonly shows: 'always' | 'voted' | 'closed';
  /** Whether votes are anonymous: nobody sees who voted for what. */
  readonly isAnonymous: boolean;
  /** When it closes automatically. Milliseconds since 1970. */
  readonly closesAt: number | null;
}

/** A poll was created: it is a message. */
export interface Asked extends RoomEventBase {
  readonly kind: 'asked';
  readonly cid: string | null;
  readonly poll: PollSpec;
  /** The ids of images for its options, in the same order. */
  readonly files: readonly string[];
}

/** Somebody voted for these options, by their index, and no others. */
export interface Voted extends RoomEventBase {
  readonly kind: 'voted';
  /** The poll's message. */
  readonly id: number;
  readonly options: readonly number[];
}

/** Somebody chose one more option, or took that back. */
export interface Chose extends RoomEventBase {
  readonly kind: 'chose';
  readonly id: number;
  readonly option: number;
  readonly on: boolean;
}

/**
 * Somebody suggested an option, and voted for it; if it exists already, they voted for that one.
 * With `on` false they took back their vote for this text.
 */
export interface Suggested extends RoomEventBase {
  readonly kind: 'suggested';
  readonly id: number;
  readonly text: string;
  readonly on: boolean;
}

export type Ballot = Voted | Chose | Suggested;

/** A suggested option was marked as answered, reopened, or removed for good. */
export interface OptionMarked extends RoomEventBase {
  readonly kind: 'option-marked';
  readonly id: number;
  readonly option: number;
  readonly as: OptionState;
}

export type OptionState = 'open' | 'answered' | 'dropped';

/** A poll was closed, reopened or reset, or its results were revealed. */
export interface PollActed extends RoomEventBase {
  readonly kind: 'poll-acted';
  readonly id: number;
  readonly act: 'closed' | 'opened' | 'reset' | 'revealed';
}

/** New votes were counted: by the server itself, a few times a second at most. */
export interface Tallied {
  readonly kind: 'tallied';
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
export interface Uploaded extends RoomEventBase {
  readonly kind: 'uploaded';
  readonly file: Attachment;
}

/** Files that no message carries were discarded. */
export interface Dropped {
  readonly kind: 'dropped';
  readonly files: readonly string[];
  readonly at: number;
}

export type FileEvent = Uploaded | Dropped;
export type PollEvent = Asked | Ballot | OptionMarked | PollActed | Tallied;
export type RoomEvent = Posted | Edited | Deleted | Reacted | Acted | PollEvent;

/** Everything that can happen. The log numbers each event, the store applies it. */
export type Event = RoomEvent | FileEvent | SessionEvent;
