import { byId } from './dom.ts';
import { say } from './words.ts';

interface Options {
  /** Pins a message, or takes it down. */
  readonly act: (command: object) => void;
  /** Other messages are pinned now. */
  readonly onChange: () => void;
}

/** The messages that those who keep the room keep in sight. */
export class Pins {
  readonly #strip = byId<HTMLAnchorElement>('pinned-last');
  readonly #onChange: () => void;
  #ids: readonly number[] = [];

  constructor({ act, onChange }: Options) {
    this.#onChange = onChange;
    byId('messages').addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button.pin') : null;
      const id = Number(button?.closest('article')?.id.slice('m-'.length));
      if (id) act({ do: 'pinned', id, on: !this.#ids.includes(id) });
    });
  }

  /** These are pinned, and no others. */
  take(ids: readonly number[]): void {
    if (String(ids) === String(this.#ids)) return;
    this.#ids = ids;
    this.#onChange();
    this.#showLast();
  }

  /** Marks a message that is pinned; whoever may pin has a button on every message. */
  dress(article: HTMLElement, isKeeper: boolean): void {
    const isPinned = this.#ids.includes(Number(article.id.slice('m-'.length)));
    const header = article.querySelector('header');
    article.classList.toggle('pinned', isPinned);
    header?.querySelector('.pin-mark')?.remove();
    if (isPinned) header?.append(pinMark());
    const button = header?.querySelector('button.pin');
    if (!isKeeper || article.classList.contains('deleted')) button?.remove();
    else wordButton(button ?? header?.appendChild(pinButton()), isPinned);
    if (isPinned) this.#showLast();
  }

  /** What was pinned last, in a line that leads to it; nothing where it is not on the page. */
  #showLast(): void {
    const last = this.#ids.at(-1);
    const text = document.querySelector(`#m-${last} :is(h2, p[dir])`)?.textContent ?? '';
    this.#strip.hidden = text === '';
    this.#strip.href = `#m-${last}`;
    this.#strip.textContent = text;
  }
}

function pinMark(): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'pin-mark';
  mark.textContent = say('pinned');
  return mark;
}

function pinButton(): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'pin quiet';
  return button;
}

function wordButton(button: Element | undefined, isPinned: boolean): void {
  if (!button) return;
  button.textContent = say(isPinned ? 'unpin' : 'pin');
  button.ariaLabel = say(isPinned ? 'unpin-message' : 'pin-message');
}
