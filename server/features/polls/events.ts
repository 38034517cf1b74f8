import type { Erasing, RoomEventBase } from '../event.ts';

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
  /** Whether what users suggest is shown once a moderator has approved it; missing for no. */
  readonly needsApproval?: boolean;
  /** When it closes automatically. Milliseconds since 1970. */
  readonly closesAt: number | null;
}

/** A poll before it is started: how long it will be open instead of until when. */
export interface PreparedSpec extends Omit<PollSpec, 'closesAt'> {
  /** `null` until it is closed. */
  readonly minutes: number | null;
}

/** A poll was created: it is a message. */
export interface PollCreated extends RoomEventBase {
  readonly kind: 'poll-created';
  readonly cid: string | null;
  readonly poll: PreparedSpec;
  /** The ids of images for its options. */
  readonly files: readonly string[];
  /** The option of each image, by its index; without it, they belong to the first options. */
  readonly imageOptions?: readonly number[];
  /** The prepared poll that it was, which is prepared no more. */
  readonly prepared?: number | null;
}

/** Somebody voted for these options, by their index, and no others. */
interface VotesSet extends RoomEventBase {
  readonly kind: 'votes-set';
  /** The poll's message. */
  readonly id: number;
  readonly options: readonly number[];
}

/** Somebody chose one more option, or took that back. */
interface VoteToggled extends RoomEventBase {
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
  /** Equal for texts that are the same option: computed once, so that every store has the same. */
  readonly key: string;
  readonly enabled: boolean;
}

export type Ballot = VotesSet | VoteToggled | OptionSuggested;

/** Whether it is sent to everybody after a count, and not at once. */
export function isBallot<E extends { readonly kind: string }>(
  event: E,
): event is Extract<E, { readonly kind: Ballot['kind'] }> {
  return (
    event.kind === 'votes-set' || event.kind === 'vote-toggled' || event.kind === 'option-suggested'
  );
}

/** A suggested option was approved, marked as answered, reopened, or removed for good. */
export interface OptionModerated extends RoomEventBase {
  readonly kind: 'option-moderated';
  readonly id: number;
  readonly option: number;
  readonly state: OptionState;
}

/** `held` until it is approved: then it is open. */
export type OptionState = 'held' | 'open' | 'answered' | 'removed';

/** A poll was closed, reopened or reset, or its results were revealed or hidden. */
export interface PollChanged extends RoomEventBase {
  readonly kind: 'poll-changed';
  readonly id: number;
  readonly action: 'closed' | 'reopened' | 'reset' | 'revealed' | 'hidden';
}

/** An open poll was given more time, or a time when it closes. */
export interface PollExtended extends RoomEventBase {
  readonly kind: 'poll-extended';
  readonly id: number;
  readonly seconds: number;
}

/** New votes were counted: by the server itself, a few times a second at most. */
export interface PollTallied {
  readonly kind: 'poll-tallied';
  readonly room: string;
  readonly id: number;
  readonly at: number;
}

/** A poll was saved to be started later; or a saved one, `id`, was changed. */
export interface PollPrepared extends RoomEventBase {
  readonly kind: 'poll-prepared';
  readonly id: number | null;
  readonly poll: PreparedSpec;
  /** The images of its options, as in `PollCreated`. */
  readonly files: readonly string[];
  readonly imageOptions: readonly number[];
}

export interface PreparedPollRemoved extends RoomEventBase {
  readonly kind: 'prepared-poll-removed';
  readonly id: number;
}

export interface PreparedPollMoved extends RoomEventBase {
  readonly kind: 'prepared-poll-moved';
  readonly id: number;
  readonly direction: 'up' | 'down';
}

/** A prepared poll was started, and is prepared no more; without an id the first one. */
export interface PreparedPollStarted extends RoomEventBase {
  readonly kind: 'prepared-poll-started';
  readonly id: number | null;
}

export type PreparedPollEvent =
  | PollPrepared
  | PreparedPollRemoved
  | PreparedPollMoved
  | PreparedPollStarted;

export type PollEvent =
  | PollCreated
  | Ballot
  | OptionModerated
  | PollChanged
  | PollExtended
  | PollTallied;

export const preparedPollErasing: Erasing<PreparedPollEvent> = {
  'poll-prepared': ({ id }) => id !== null,
  'prepared-poll-removed': true,
  'prepared-poll-moved': false,
  'prepared-poll-started': false,
};

export const pollErasing: Erasing<PollEvent> = {
  'poll-created': false,
  'votes-set': false,
  'vote-toggled': ({ enabled }) => !enabled,
  'option-suggested': ({ enabled }) => !enabled,
  'option-moderated': true,
  'poll-changed': ({ action }) => action === 'reset',
  'poll-extended': false,
  'poll-tallied': false,
};
