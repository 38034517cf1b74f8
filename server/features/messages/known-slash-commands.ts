import { ChatError } from '../../core/errors.ts';
import { parseSlashCommand } from '../../shared/slash-command.ts';

/**
 * Accepts a text that is a message or `/me` with an action; for `/poll` see parsePollCommand.
 * @throws ChatError if it begins with `/help` or an unknown command
 */
export function assertKnownSlashCommand(body: string): void {
  const slash = parseSlashCommand(body);
  if (!slash) return;
  const { command, rest } = slash;
  if (command === 'help') throw new ChatError('help');
  if (command !== 'me') throw new ChatError('unknown-command', { command: command.slice(0, 40) });
  if (rest === '') throw new ChatError('empty-message');
}
