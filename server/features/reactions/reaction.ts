import type { Message } from '../../core/message.ts';

/** One emoji under a message, and the users who reacted with it. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** All users, or the first of them if there are many, in order. */
  readonly people: readonly { readonly uid: string; readonly name: string | null }[];
}

/** The reactions with the count and the users of one emoji changed; one that nobody has is left out. */
export function withReaction(all: readonly Reaction[], changed: Reaction): readonly Reaction[] {
  if (!all.some(({ emoji }) => emoji === changed.emoji)) return [...all, changed];
  return all
    .map((one) => (one.emoji === changed.emoji ? changed : one))
    .filter(({ count }) => count > 0);
}

export function readReactions({ reactions }: Message): readonly Reaction[] {
  return reactions === null ? [] : (JSON.parse(reactions) as Reaction[]);
}
