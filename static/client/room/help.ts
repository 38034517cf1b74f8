import { parseSlashCommand } from '../../../server/shared/slash-command.ts';
import { byId } from '../lib/dom.ts';

const dialog = () => byId<HTMLDialogElement>('help');

/** Opens the help by its link, which without a script leads to it. */
export function initHelp(): void {
  byId('help-link').addEventListener('click', (event) => {
    event.preventDefault();
    dialog().showModal();
  });
}

/** Shows the help on formatting and commands, if it was asked for. */
export function showHelpIfAsked(text: string): boolean {
  if (parseSlashCommand(text.trim())?.command !== 'help') return false;
  dialog().showModal();
  return true;
}
