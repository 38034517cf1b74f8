import { byId } from '../lib/dom.ts';

/** Opens the settings of this browser over the room. */
export function initSettings(): void {
  const dialog = byId<HTMLDialogElement>('settings');
  byId('open-settings').addEventListener('click', () => dialog.showModal());
  dialog.addEventListener('click', ({ target }) => {
    // A click outside the dialog is on its backdrop.
    if (target === dialog) dialog.close();
  });
}
