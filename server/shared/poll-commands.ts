/** The slash commands that create a poll, in the order in which they are suggested. */
export const POLL_COMMANDS = ['poll', 'rate', 'words', 'questions'] as const;

export type PollCommand = (typeof POLL_COMMANDS)[number];
