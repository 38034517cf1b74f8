import type { Message } from '../../core/message.ts';

/** One emoji under a message, and those who put it there. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** Some of them; where there are no more than these, all, the first first. */
  readonly people: readonly { readonly uid: string; readonly name: string | null }[];
}

export function readReactions({ reactions }: Message): readonly Reaction[] {
  return reactions === null ? [] : (JSON.parse(reactions) as Reaction[]);
}
