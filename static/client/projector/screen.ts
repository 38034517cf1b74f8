import type { View } from '../../../server/shared/stage.ts';
import { byId } from '../lib/dom.ts';

/** What fills the screen. */
export class Screen {
  readonly #blank = byId<HTMLDialogElement>('blank-dialog');

  constructor(onResume: () => void) {
    this.#blank.addEventListener('cancel', (event) => {
      event.preventDefault();
      onResume();
    });
  }

  show(view: View): void {
    document.body.classList.toggle('joining', view === 'join');
    if (view === 'blank') {
      // Nothing lies over it.
      for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]'))
        if (dialog !== this.#blank) dialog.close();
      if (!this.#blank.open) this.#blank.showModal();
    } else this.#blank.close();
  }
}
