import type { Message } from '../../core/message.ts';

/** One emoji under a message, and the users who reacted with it. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** All users, or the first of them if there are many, in order. */
  readonly people: readonly { readonly uid: string; readonly name: string | null }[];
}

export function readReactions({ reactions }: Message): readonly Reaction[] {
  return reactions === null ? [] : (JSON.parse(reactions) as Reaction[]);
}
