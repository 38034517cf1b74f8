import type { OptionState, PollSpec } from './events.ts';
import { isMultipleChoice, POLL_KINDS } from './poll-kinds.ts';

/** The state of a poll: its specification and last counts. It is the body of its message. */
export interface Poll extends PollSpec {
  /** Whether its creator was a moderator of the room then: what everybody sees first is theirs. */
  readonly isByModerator: boolean;
  readonly isOpen: boolean;
  /** Whether the counts were revealed early. */
  readonly isRevealed: boolean;
  /** How often its votes were cleared; missing for never. */
  readonly round?: number;
  /** Votes for each option. */
  readonly counts: readonly number[];
  /** The number of voters. */
  readonly voters: number;
  /** For each option some of its voters, unless the poll is anonymous. */
  readonly names: readonly (readonly Voter[])[];
  /** The state of each suggested option: one that is not visible has no text and no count here. */
  readonly states: readonly OptionState[];
  /** Who suggested them, unless the poll is anonymous. */
  readonly authors: readonly Voter[];
  /** The images of the options, if they have some; `null` for one without. */
  readonly pictures?: readonly (PollPicture | null)[];
}

/** The image of an option: its address and size. */
export interface PollPicture {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

export interface Voter {
  readonly uid: string;
  readonly name: string | null;
}

/** Stands for the voters of an anonymous poll where counting doesn't need them. */
export const NOBODY: Voter = { uid: '', name: null };

/** The voter of a row. */
export function voterOf({ uid, name }: Readonly<Record<string, unknown>>): Voter {
  return { uid: String(uid), name: typeof name === 'string' && name !== '' ? name : null };
}

export function newPoll(spec: PollSpec, isByModerator: boolean): Poll {
  return {
    ...spec,
    isByModerator,
    isOpen: true,
    isRevealed: false,
    counts: spec.options.map(() => 0),
    voters: 0,
    names: [],
    states: [],
    authors: [],
  };
}

export function parsePoll(body: string): Poll {
  return JSON.parse(body) as Poll;
}

/** Whether everybody may see the counts. */
export function isPublic({ resultsVisibility, isOpen, isRevealed }: Poll): boolean {
  return resultsVisibility === 'always' || isRevealed || !isOpen;
}

/** Whether the counts can be hidden: those of a closed poll are public, and so are upvotes. */
export function canHide({ kind, isOpen }: Poll): boolean {
  return isOpen && POLL_KINDS[kind].isAlwaysPublic !== true;
}

/** Whether the poll no longer accepts votes: it was closed, or its time is over. */
export function isOver({ isOpen, closesAt }: Poll, now: number): boolean {
  return !isOpen || (closesAt !== null && now >= closesAt);
}

/** Whether a user who has chosen these options may see the counts. */
export function isShownTo(poll: Poll, options: readonly number[]): boolean {
  return isPublic(poll) || (poll.resultsVisibility === 'after-vote' && options.length > 0);
}

/** Whether everybody sees an option that users suggested. */
export function isVisible(state: OptionState): boolean {
  return state !== 'removed' && state !== 'held';
}

/** How many suggested options wait for approval. */
export function countHeld({ states }: Pick<Poll, 'states'>): number {
  return states.filter((state) => state === 'held').length;
}

/** The options that everybody sees, with their counts. */
export function visibleOptions({ options, counts, states }: Poll) {
  return options
    .map((text, index) => ({
      index,
      text,
      count: counts[index] ?? 0,
      state: states[index] ?? 'open',
    }))
    .filter(({ state }) => isVisible(state));
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** What a poll's per cents are of: the voters, if each may choose several, or the votes. */
export function baseOf(poll: Poll): number {
  return isMultipleChoice(poll) ? poll.voters : sum(poll.counts);
}

/** A part of all votes, or of all voters, in whole per cent. */
export function share(count: number, total: number): number {
  return total === 0 ? 0 : Math.round((count / total) * 100);
}
