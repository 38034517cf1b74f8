import { parseSlashCommand } from '../../../server/shared/slash-command.ts';
import { byId } from '../lib/dom.ts';

/** Shows how one writes here, where that was asked for. */
export function showHelpIfAsked(text: string): boolean {
  if (parseSlashCommand(text.trim())?.command !== 'help') return false;
  byId<HTMLDialogElement>('help').showModal();
  return true;
}
