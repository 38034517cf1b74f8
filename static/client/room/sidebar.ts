import { roomPath } from '../../../server/shared/routes.ts';
import { byId } from '../lib/dom.ts';
import { isOfInputMethod } from '../lib/input-keys.ts';
import { JoinLink } from '../lib/join-link.ts';
import { t } from '../lib/messages.ts';

/** From this width on the sidebar fits next to the messages; see chat.css. */
const WIDE = matchMedia('(min-width: 60rem)');

/** The sidebar: who is here, the connection, and the invitation. */
export class Sidebar {
  readonly #side = byId('side');
  readonly #button = byId('people-button');

  constructor(room: string) {
    const isEmbedded = document.body.classList.contains('embedded');
    this.#button.hidden = false;
    this.#button.addEventListener('click', () => this.#open(this.#side.hidden === true));
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || isOfInputMethod(event)) return;
      if (WIDE.matches || this.#side.hidden) return;
      // If a dialog is open, the key is meant for it.
      if (document.querySelector('dialog[open]')) return;
      this.#open(false);
      this.#button.focus();
    });
    WIDE.addEventListener('change', () => this.#open(WIDE.matches));
    this.#open(WIDE.matches && !isEmbedded);
    this.#invite(new JoinLink(roomPath(room)));
  }

  #open(isOpen: boolean): void {
    this.#side.hidden = !isOpen;
    this.#button.ariaExpanded = `${isOpen}`;
  }

  #invite(join: JoinLink): void {
    const copy = byId('copy-link');
    copy.hidden = join.href === undefined;
    // A page loaded over plain HTTP may not write to the clipboard: there the link is shown.
    copy.addEventListener('click', async () => {
      const link = join.href ?? '';
      try {
        await navigator.clipboard.writeText(link);
        copy.textContent = t('copied');
      } catch {
        copy.textContent = link;
      }
    });
  }
}
