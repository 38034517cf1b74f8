import type { Change } from './change.ts';
import type { LogPosition } from './log.ts';
import type { Outcome } from './outcome.ts';

/** What one server appended at once to a log that several servers apply: one place in it. */
export interface LogEntry<E> {
  /** Its place: the first is 1, and none is left out. */
  readonly place: number;
  /** The id that its sender gave it. */
  readonly id: string;
  /** When it was appended, by the clock of the log. Milliseconds since 1970. */
  readonly at: number;
  readonly events: readonly E[];
}

/** Events in one entry. */
export const MAX_ENTRY_EVENTS = 200;
/** Numbers for each place, one for each event. */
const NUMBERS_PER_PLACE = 1_024;

/** How a log began that several servers apply: the same for all of them. */
export interface Founding {
  readonly epoch: string;
  /** Numbers up to this one were given before. */
  readonly base: number;
  /** The format of its first entries; of a store, the one in force at its place. */
  readonly format: number;
}

/** How far a store has applied such a log. */
export interface ReplicaPosition extends Founding {
  /** The last place that was applied; 0 for none. */
  readonly place: number;
  /** The id and the time of the entry at that place. */
  readonly id: string;
  readonly at: number;
  /** Equal where all outcomes up to that place were. */
  readonly digest: string;
}

/** What a store has decided up to a place: equal digests mean equal outcomes. */
export type Checkpoint = Pick<ReplicaPosition, 'place' | 'digest'>;

/** A store that can be part of a log which several servers share. */
export interface ReplicaStore<E, C extends Change> {
  /** Where its own log is. */
  own(): Promise<LogPosition>;
  /** How far it has applied the shared log; `undefined` where it is not part of one. */
  position(): Promise<ReplicaPosition | undefined>;
  /** What it has decided up to the last places that are a multiple of a hundred, and up to the last place. */
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** From now on it is part of this log. */
  join(founding: Founding): Promise<void>;
  /** Applies entries: all of them, or, when this rejects, none. */
  apply(entries: readonly LogEntry<E>[]): Promise<readonly Outcome<C>[]>;
}

/** The number up to which those before the first place are reserved. */
export function baseAfter(head: number): number {
  return Math.ceil(head / NUMBERS_PER_PLACE) * NUMBERS_PER_PLACE;
}

/** The number of an event, by its index in the entry: it follows from nothing that a store decides. */
export function numberAt(base: number, place: number, index: number): number {
  return base + place * NUMBERS_PER_PLACE + index;
}
