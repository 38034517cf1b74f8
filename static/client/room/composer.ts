import { byId } from '../lib/dom.ts';
import { growing } from '../lib/grow.ts';
import { isSendKey } from '../lib/input-keys.ts';
import { t } from '../lib/messages.ts';
import type { Draft } from './drafts.ts';

/** The count of characters left is shown from this number on. */
const COUNT_FROM = 200;

/** Whether the device has an on-screen keyboard. */
const TOUCH = matchMedia('(pointer: coarse)');

/** The message field. Its text is only removed by sending it. */
export class Composer {
  readonly #form = byId<HTMLFormElement>('composer');
  readonly #field = byId<HTMLTextAreaElement>('message');
  readonly #left = byId('left');
  /** Rejected text that is still at the head of the field. */
  #returned = '';
  readonly #max = Number(this.#field.dataset.max);
  readonly #draft: Draft;
  readonly #fit = growing(this.#field);

  /**
   * @param draft what was being written here the last time
   * @param send accepts a text; false leaves it where it is
   * @param hasMore whether there is something else to send
   */
  constructor(draft: Draft, send: (text: string) => boolean, hasMore: () => boolean) {
    this.#draft = draft;
    this.#field.addEventListener('input', () => this.#count());
    this.#field.addEventListener('keydown', (event) => {
      if (!isSendKey(event, TOUCH.matches)) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { value } = this.#field;
      if (this.#charactersLeft >= 0 && (value.trim() || hasMore()) && send(value)) {
        this.#returned = '';
        this.#set('');
      }
      this.#field.focus();
    });
    TOUCH.addEventListener('change', () => this.#showKeys());
    this.#showKeys();
    // Text the server gave back has precedence, and so does what was typed while this was loading.
    this.#set(this.#field.value || draft.text);
  }

  /** Restores a text that was not sent: after others like it, before what is being written. */
  restore(text: string): void {
    const { value } = this.#field;
    const returned = value.startsWith(this.#returned) ? this.#returned : '';
    const rest = value.slice(returned.length).replace(/^\n/, '');
    this.#returned = [returned, text].filter(Boolean).join('\n');
    this.#set([this.#returned, rest].filter(Boolean).join('\n'));
  }

  /** Removes a text that is not needed any more, unless something else was written since. */
  discard(text: string): void {
    if (this.#field.value.trim() === text.trim()) this.#set('');
  }

  /** How many characters are left. */
  get #charactersLeft(): number {
    return this.#max - [...this.#field.value.trim()].length;
  }

  /** Shows what Enter does, on an on-screen keyboard, too. */
  #showKeys(): void {
    this.#field.enterKeyHint = TOUCH.matches ? 'enter' : 'send';
    byId('keys').textContent = t(TOUCH.matches ? 'touch-keys' : 'message-keys');
  }

  #set(text: string): void {
    this.#field.value = text;
    this.#fit();
    this.#count();
  }

  #count(): void {
    if (!this.#field.hasAttribute('data-editing')) this.#draft.write(this.#field.value);
    const count = this.#charactersLeft;
    this.#left.classList.toggle('over', count < 0);
    this.#left.textContent =
      count > COUNT_FROM
        ? ''
        : t(count < 0 ? 'characters-over' : 'characters-left', { count: Math.abs(count) });
  }
}
