import { ChatError } from '../../core/errors.ts';
import { parseSlashCommand } from '../../shared/slash-command.ts';

/**
 * Lets a text pass that is a message, or `/me` and what one does; see readAsk for `/poll`.
 * @throws ChatError where it begins with a command that asks for an answer, or that nobody knows
 */
export function assertKnownSlashCommand(body: string): void {
  const slash = parseSlashCommand(body);
  if (!slash) return;
  const { command, rest } = slash;
  if (command === 'help') throw new ChatError('help');
  if (command !== 'me') throw new ChatError('unknown-command', { command: command.slice(0, 40) });
  if (rest === '') throw new ChatError('empty');
}
