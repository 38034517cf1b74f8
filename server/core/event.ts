/** Who does something: a visitor, or one who is signed in under a name. */
export interface Actor {
  readonly uid: string;
  readonly name: string | null;
  /** Whether they hold the server's moderator key. */
  readonly isModerator: boolean;
  /** Where they do it from, as far as floods and removals go. It is not kept with what they do. */
  readonly address: string;
  /** The browser they do it with: all its tabs vote once, and are banned together. `null` for programs. */
  readonly browser: string | null;
}

/** Another person, as an act names them. */
export interface UserRef {
  readonly uid: string;
  readonly name: string | null;
}

interface RoomEventBase {
  readonly room: string;
  readonly who: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A message was posted. */
export interface Posted extends RoomEventBase {
  readonly kind: 'posted';
  /** The sender's own id for it: the same `cid` of the same visitor is the same message. */
  readonly cid: string | null;
  readonly body: string;
  /** The message it answers. */
  readonly reply: number | null;
  /** The ids of the files it carries. */
  readonly files: readonly string[];
}

/** What a message says was changed by its author. */
export interface Edited extends RoomEventBase {
  readonly kind: 'edited';
  readonly id: number;
  /** Empty only where the message carries files. */
  readonly body: string;
}

/** Somebody answered a message with an emoji, or took that back. */
export interface Reacted extends RoomEventBase {
  readonly kind: 'reacted';
  readonly id: number;
  readonly emoji: string;
  /** Whether it is to be there; `null` for the other of what is. */
  readonly on: boolean | null;
}

/** A message was taken away. A tombstone stays in its place. */
export interface Deleted extends RoomEventBase {
  readonly kind: 'deleted';
  readonly id: number;
}

/** What those who keep the peace of a room do to it; each is a quiet line in its history. */
export type Act =
  | {
      readonly act: 'made';
      readonly topic: string;
      readonly isListed: boolean;
      readonly word: string | null;
    }
  | { readonly act: 'topic'; readonly text: string }
  | { readonly act: 'listed'; readonly on: boolean }
  /** `word` is its salted hash. */
  | { readonly act: 'worded'; readonly word: string | null }
  | { readonly act: 'locked'; readonly on: boolean }
  /** Seconds between two messages of a person; 0 is no limit. */
  | { readonly act: 'slowed'; readonly seconds: number }
  | { readonly act: 'cleared' }
  /** A message is kept in sight, or not any more. */
  | { readonly act: 'pinned'; readonly id: number; readonly on: boolean }
  /**
   * For so many minutes; `null` is for good. Where there is an address, whoever comes from it.
   * `browsers` are those by which they are here; the store adds those in which they wrote.
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

/** A name was taken, and a session begun. */
export interface SignedIn {
  readonly kind: 'signed-in';
  /** The uid of whoever bears the name from now on, unless it is kept and has one. */
  readonly uid: string;
  readonly name: string;
  /** Equal for names that look alike. */
  readonly key: string;
  /** The hash of the session's id. */
  readonly session: string;
  /** The hash of the passphrase to keep the name with. */
  readonly keep: string | null;
  /** The hash that the passphrase given was found to fit. */
  readonly proof: string | null;
  readonly at: number;
}

/** A session goes on: it was used, ended, or is a moderator's from now on. */
export interface SessionChanged {
  readonly kind: 'session-used' | 'signed-out' | 'moderates';
  readonly session: string;
  readonly at: number;
}

/** The passphrase of a name changed: the session goes on under another id, and all others end. */
export interface Rekeyed {
  readonly kind: 'rekeyed';
  readonly session: string;
  readonly next: string;
  readonly keep: string;
  readonly at: number;
}

/**
 * How a poll is answered: by choosing, by clicks that all count, from 1 to 5, or by what people put
 * themselves: short answers that become a cloud, or questions that others vote up.
 */
export type PollKind = 'choice' | 'applause' | 'rating' | 'words' | 'questions';

/** A poll, as it is asked. */
export interface PollSpec {
  readonly kind: PollKind;
  readonly question: string;
  /** None to begin with, where people put them. */
  readonly options: readonly string[];
  /** How many options one may choose. */
  readonly most: number;
  /** Whether a vote can be changed and taken back. */
  readonly mayChange: boolean;
  /** When the counts are shown: always, to those who have voted, or after the close. */
  readonly shows: 'always' | 'voted' | 'closed';
  /** Whether nobody is told who voted for what. */
  readonly isAnonymous: boolean;
  /** When it closes by itself. Milliseconds since 1970. */
  readonly closesAt: number | null;
}

/** A poll was asked: it is a message. */
export interface Asked extends RoomEventBase {
  readonly kind: 'asked';
  readonly cid: string | null;
  readonly poll: PollSpec;
  /** The ids of pictures for its options, in their order. */
  readonly files: readonly string[];
}

/** Somebody voted: these options, by their index, and no others. */
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
 * Somebody suggested an option, and chose it; where it is there already, they chose that one. With
 * `on` false they took back what they had chosen by this text.
 */
export interface Suggested extends RoomEventBase {
  readonly kind: 'suggested';
  readonly id: number;
  readonly text: string;
  readonly on: boolean;
}

export type Ballot = Voted | Chose | Suggested;

/** An option that people put was answered, is open again, or was taken away for good. */
export interface OptionMarked extends RoomEventBase {
  readonly kind: 'option-marked';
  readonly id: number;
  readonly option: number;
  readonly as: OptionState;
}

export type OptionState = 'open' | 'answered' | 'dropped';

/** A poll was closed, opened again, emptied, or its counts were shown. */
export interface PollActed extends RoomEventBase {
  readonly kind: 'poll-acted';
  readonly id: number;
  readonly act: 'closed' | 'opened' | 'reset' | 'revealed';
}

/** The votes that came were counted: by the server itself, a few times a second at most. */
export interface Tallied {
  readonly kind: 'tallied';
  readonly room: string;
  readonly id: number;
  readonly at: number;
}

/** A file that was put into a room, for a message to carry. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What a picture is like that this server has made anew; `null` for what is only to be saved. */
  readonly picture: ImageInfo | null;
}

export interface ImageInfo {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  /** The size of a small one of it, where it is not small itself. */
  readonly preview: { readonly width: number; readonly height: number } | null;
  /** It moves. */
  readonly isAnimated?: true;
  /** It moved, in a format of which the first frame alone can be kept. */
  readonly isFirstFrame?: true;
}

/** A file is on the disk: its uploader may have one message carry it. */
export interface Uploaded extends RoomEventBase {
  readonly kind: 'uploaded';
  readonly file: Attachment;
}

/** Files that no message carries were given up. */
export interface Dropped {
  readonly kind: 'dropped';
  readonly files: readonly string[];
  readonly at: number;
}

export type FileEvent = Uploaded | Dropped;
export type PollEvent = Asked | Ballot | OptionMarked | PollActed | Tallied;
export type RoomEvent = Posted | Edited | Deleted | Reacted | Acted | PollEvent;
export type SessionEvent = SignedIn | SessionChanged | Rekeyed;

/** What can happen. The log gives each its number, the store adds them up. */
export type Event = RoomEvent | FileEvent | SessionEvent;
