import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { previewText } from './preview-text.ts';

interface Options {
  /** Sends a command that pins or unpins. */
  readonly send: (command: object) => void;
  /** The pinned messages have changed. */
  readonly onChange: () => void;
}

/** The pinned messages. */
export class Pins {
  readonly #strip = byId<HTMLAnchorElement>('pinned-last');
  readonly #send: Options['send'];
  readonly #onChange: () => void;
  #ids: readonly number[] = [];

  constructor({ send, onChange }: Options) {
    this.#send = send;
    this.#onChange = onChange;
  }

  /** Sets the pinned messages. */
  set(ids: readonly number[]): void {
    if (String(ids) === String(this.#ids)) return;
    this.#ids = ids;
    this.#onChange();
    this.#showLast();
  }

  /** Pins or unpins a message. */
  toggle(article: HTMLElement): void {
    const id = messageId(article);
    this.#send({ type: this.#ids.includes(id) ? 'unpin' : 'pin', id });
  }

  /** Marks a pinned message. */
  decorate(article: HTMLElement): void {
    const isPinned = this.#ids.includes(messageId(article));
    const header = article.querySelector('header');
    article.classList.toggle('pinned', isPinned);
    header?.querySelector('.pin-mark')?.remove();
    if (isPinned) header?.append(pinMark());
    if (isPinned) this.#showLast();
  }

  /** Shows the latest pin, as a link to it; nothing if it is not on the page. */
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
