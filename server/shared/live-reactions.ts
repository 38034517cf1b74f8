/** The reactions of the bar, in its order. */
export const LIVE_REACTIONS = ['👏', '❤️', '😂', '🎉'] as const;

export type LiveReaction = (typeof LIVE_REACTIONS)[number];

/** Reactions of one user that are sent together. */
export const MAX_LIVE_REACTIONS = 10;
