import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { previewText } from './preview-text.ts';

interface Options {
  /** Pins a message, or takes it down. */
  readonly act: (command: object) => void;
  /** Other messages are pinned now. */
  readonly onChange: () => void;
}

/** The messages that those who keep the room keep in sight. */
export class Pins {
  readonly #strip = byId<HTMLAnchorElement>('pinned-last');
  readonly #act: Options['act'];
  readonly #onChange: () => void;
  #ids: readonly number[] = [];

  constructor({ act, onChange }: Options) {
    this.#act = act;
    this.#onChange = onChange;
  }

  /** These are pinned, and no others. */
  take(ids: readonly number[]): void {
    if (String(ids) === String(this.#ids)) return;
    this.#ids = ids;
    this.#onChange();
    this.#showLast();
  }

  /** Pins a message, or takes it down. */
  toggle(article: HTMLElement): void {
    this.#act({
      do: 'pinned',
      id: messageId(article),
      on: !this.#ids.includes(messageId(article)),
    });
  }

  /** Marks a message that is pinned. */
  decorate(article: HTMLElement): void {
    const isPinned = this.#ids.includes(messageId(article));
    const header = article.querySelector('header');
    article.classList.toggle('pinned', isPinned);
    header?.querySelector('.pin-mark')?.remove();
    if (isPinned) header?.append(pinMark());
    if (isPinned) this.#showLast();
  }

  /** What was pinned last, in a line that leads to it; nothing where it is not on the page. */
  #showLast(): void {
    const last = this.#ids.at(-1);
    const article = document.querySelector(`#m-${last}`);
    const text = article ? previewText(article) : '';
    this.#strip.hidden = text === '';
    this.#strip.href = `#m-${last}`;
    this.#strip.textContent = text;
  }
}

function pinMark(): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'pin-mark';
  mark.textContent = t('pinned');
  return mark;
}
