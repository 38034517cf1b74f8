import { byId, notice } from '../lib/dom.ts';
import { growing } from '../lib/grow.ts';
import { isSendKey } from '../lib/input-keys.ts';
import { t } from '../lib/messages.ts';
import type { Draft } from './drafts.ts';

/** The count of what is left is shown when no more than this is. */
const COUNT_FROM = 200;

/** Whether one points with a finger, and so writes on the screen. */
const TOUCH = matchMedia('(pointer: coarse)');

/** Where one writes. What is in it leaves it only by being sent. */
export class Composer {
  readonly #form = byId<HTMLFormElement>('composer');
  readonly #field = byId<HTMLTextAreaElement>('message');
  readonly #left = byId('left');
  readonly #notices = byId('notices');
  /** What was given back and still stands at the head of the field. */
  #returned = '';
  readonly #most = Number(this.#field.dataset.most);
  readonly #draft: Draft;
  readonly #fit = growing(this.#field);

  /**
   * @param draft what was being written here the last time
   * @param send takes a text, or says no, and then it stays where it is
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
      if (this.#room >= 0 && (value.trim() || hasMore()) && send(value)) {
        this.#returned = '';
        this.#set('');
      }
      this.#field.focus();
    });
    TOUCH.addEventListener('change', () => this.#showKeys());
    this.#showKeys();
    // What the server gave back goes before, and so does what was written while this was loaded.
    this.#set(this.#field.value || draft.text);
  }

  /** Puts a text back that could not be sent: after others like it, before what is being written. */
  restore(text: string): void {
    const { value } = this.#field;
    const returned = value.startsWith(this.#returned) ? this.#returned : '';
    const rest = value.slice(returned.length).replace(/^\n/, '');
    this.#returned = [returned, text].filter(Boolean).join('\n');
    this.#set([this.#returned, rest].filter(Boolean).join('\n'));
  }

  /** Says what became of the last attempt; nothing where all is well. */
  notice(what?: string | HTMLElement): void {
    this.#notices.replaceChildren(
      ...(what ? [typeof what === 'string' ? notice(what) : what] : []),
    );
  }

  /** How many characters may still be written. */
  get #room(): number {
    return this.#most - [...this.#field.value.trim()].length;
  }

  /** Says, on the keyboard of a touch screen too, what Enter does. */
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
    const count = this.#room;
    this.#left.classList.toggle('over', count < 0);
    this.#left.textContent =
      count > COUNT_FROM
        ? ''
        : t(count < 0 ? 'too-many' : 'left-to-write', { count: Math.abs(count) });
  }
}
