import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { DividerPosition } from './divider-position.ts';
import { group } from './group.ts';

/** The divider between read and unread messages, on the page. */
export class UnreadDivider {
  readonly position: DividerPosition;
  readonly #list = byId('messages');
  readonly #line = document.createElement('p');

  constructor(room: string) {
    this.position = new DividerPosition(room);
    this.#line.className = 'unread-line';
    this.#line.textContent = t('unread-divider');
  }

  /** Whether it is where it belongs. */
  get isInPlace(): boolean {
    const first = this.#first;
    return first ? first.previousElementSibling === this.#line : !this.#line.isConnected;
  }

  /** Inserts it before the first message on the page after the last one read. */
  place(): void {
    const next = this.#line.nextElementSibling;
    const first = this.#first;
    this.#line.remove();
    if (next) group(next);
    first?.before(this.#line);
    if (first) group(first);
  }

  get #first(): Element | undefined {
    const { after } = this.position;
    if (after === undefined) return undefined;
    return [...this.#list.children].find((one) => messageId(one) > after);
  }
}
