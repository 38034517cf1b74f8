import { isStorageAllowed } from '../lib/allowed.ts';
import { byId } from '../lib/dom.ts';

/** Shows that this browser stores nothing for the page, if so, until the user hides it. */
export function showStorageNote(): void {
  const note = byId('no-storage');
  note.hidden = isStorageAllowed();
  note.querySelector('button')?.addEventListener('click', () => note.remove());
}
