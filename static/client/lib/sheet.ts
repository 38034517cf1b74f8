import { isOfInputMethod } from './input-keys.ts';

/**
 * A part of the page that lies over the rest on a narrow screen, where it is modal: nothing else
 * has the focus, and Esc, a click outside it and its own button close it.
 */
export class Sheet {
  readonly #element: HTMLElement;
  readonly #others: readonly HTMLElement[];
  readonly #onClose: () => void;
  readonly #scrim = document.createElement('div');
  #before: Element | null = null;

  /** @param onClose the user has closed it */
  constructor(element: HTMLElement, onClose: () => void) {
    this.#element = element;
    this.#onClose = onClose;
    const around = [...document.body.children];
    this.#others = around.filter(
      (other) => other !== element && other instanceof HTMLElement && !other.matches('dialog'),
    ) as HTMLElement[];
    this.#scrim.className = 'scrim';
    this.#scrim.addEventListener('click', () => this.#onClose());
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || isOfInputMethod(event) || !this.isModal) return;
      // If a dialog is open, the key is meant for it.
      if (!document.querySelector('dialog[open]')) this.#onClose();
    });
  }

  get isModal(): boolean {
    return this.#scrim.isConnected;
  }

  /** Makes it modal, and moves the focus into it. */
  open(): void {
    if (this.isModal) return;
    this.#before = document.activeElement;
    this.#element.before(this.#scrim);
    for (const other of this.#others) other.inert = true;
    this.#element.querySelector<HTMLElement>('a, button')?.focus();
  }

  /** The rest of the page is back; the focus returns. */
  close(): void {
    if (!this.isModal) return;
    this.#scrim.remove();
    for (const other of this.#others) other.inert = false;
    if (this.#before instanceof HTMLElement) this.#before.focus();
  }
}
