import { parseSlashCommand } from '../../../server/shared/slash-command.ts';
import { byId } from '../lib/dom.ts';

/** Shows the help on formatting and commands, if it was asked for. */
export function showHelpIfAsked(text: string): boolean {
  if (parseSlashCommand(text.trim())?.command !== 'help') return false;
  byId<HTMLDialogElement>('help').showModal();
  return true;
}
