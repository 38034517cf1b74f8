import { roomPath } from './routes.ts';
import { parseSlashCommand } from './slash-command.ts';

/** The slash commands that create a poll, in the order in which they are suggested. */
export const POLL_COMMANDS = ['poll', 'rate', 'words', 'questions'] as const;

export type PollCommand = (typeof POLL_COMMANDS)[number];

/** What is wrong with a poll that was typed, where the form for a new poll helps. */
const FORM_ERRORS: ReadonlySet<string> = new Set([
  'invalid-poll-command',
  'invalid-question-command',
  'invalid-question',
  'invalid-options',
  'duplicate-options',
]);

/** UTF-16 units of a text in an address. */
const MAX_TEXT = 1_000;

/**
 * The address of the form for a new poll, filled in from a message that was rejected.
 * @param code why it was rejected
 * @returns `undefined` where the form does not help
 */
export function pollFormPath(room: string, message: string, code: string): string | undefined {
  const text = message.trim();
  const { command } = parseSlashCommand(text) ?? {};
  if (!FORM_ERRORS.has(code) || !POLL_COMMANDS.some((name) => name === command)) return undefined;
  return `${roomPath(room)}/new-poll?${new URLSearchParams({ text: text.slice(0, MAX_TEXT) })}`;
}
