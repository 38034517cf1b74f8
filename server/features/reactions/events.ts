import type { Erasing, RoomEventBase } from '../event.ts';

/** Somebody reacted to a message with an emoji, or removed the reaction. */
export interface ReactionToggled extends RoomEventBase {
  readonly kind: 'reaction-toggled';
  readonly id: number;
  readonly emoji: string;
  /** Whether the reaction is set; `null` toggles it. */
  readonly enabled: boolean | null;
}

export const reactionErasing: Erasing<ReactionToggled> = { 'reaction-toggled': false };
