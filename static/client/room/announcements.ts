import { byId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';

/** More new messages at once than these are announced as a number: nobody listens to hundreds. */
const MAX_READ_OUT = 10;
/** So long after the last of them the number is announced. */
const QUIET_MS = 500;

/** What a screen reader announces of new messages: each, or of many at once their number. */
export class Announcements {
  readonly #log: HTMLElement;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param log the element with `role="log"` */
  constructor(log: HTMLElement) {
    this.#log = log;
  }

  /** So many messages are about to be shown. */
  expect(count: number): void {
    if (count <= MAX_READ_OUT && this.#timer === undefined) return;
    this.#log.ariaLive = 'off';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#announce(), QUIET_MS);
  }

  /** So many of them were new. */
  shown(count: number): void {
    if (this.#timer !== undefined) this.#count += count;
  }

  #announce(): void {
    this.#timer = undefined;
    this.#log.ariaLive = null;
    if (this.#count > 0) byId('spoken').textContent = t('new-messages', { count: this.#count });
    this.#count = 0;
  }
}
