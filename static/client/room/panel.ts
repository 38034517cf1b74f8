import { byId } from '../lib/dom.ts';
import { Sheet } from '../lib/sheet.ts';
import { readLocal, writeLocal } from '../lib/storage.ts';

/** From this width on the panel is next to the messages; see layout.css. */
const WIDE = matchMedia('(min-width: 60rem)');
const KEY = 'panel';

/** The panel on the right: next to the messages, where it is remembered whether it is open, or over them. */
export class Panel {
  readonly #side = byId('side');
  readonly #button = byId('people-button');
  readonly #sheet = new Sheet(this.#side, () => this.#choose(false));

  constructor() {
    const isEmbedded = document.body.classList.contains('embedded');
    const isWanted = () => WIDE.matches && !isEmbedded && readLocal(KEY, true);
    this.#button.addEventListener('click', () => this.#choose(this.#side.hidden === true));
    byId('close-side').addEventListener('click', () => {
      this.#choose(false);
      this.#button.focus();
    });
    WIDE.addEventListener('change', () => this.#show(isWanted()));
    this.#show(isWanted());
  }

  #choose(isOpen: boolean): void {
    if (WIDE.matches) writeLocal(KEY, isOpen);
    this.#show(isOpen);
  }

  #show(isOpen: boolean): void {
    this.#side.hidden = !isOpen;
    this.#button.ariaExpanded = `${isOpen}`;
    if (isOpen && !WIDE.matches) this.#sheet.open();
    else this.#sheet.close();
  }
}
