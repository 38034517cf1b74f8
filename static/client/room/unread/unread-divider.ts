import { byId, messageId } from '../../lib/dom.ts';
import { t } from '../../lib/messages.ts';
import { group, messageAfter } from '../group.ts';
import { messagesIn } from '../message-window.ts';
import { DividerPosition } from './divider-position.ts';

/** The divider between read and unread messages, on the page. */
export class UnreadDivider {
  readonly position: DividerPosition;
  readonly #covers: (id: number) => boolean;
  readonly #list = byId('messages');
  readonly #divider = document.createElement('p');

  /** @param covers whether the page has everything after a message, which it is placed after */
  constructor(room: string, covers: (id: number) => boolean) {
    this.#covers = covers;
    this.position = new DividerPosition(room);
    this.#divider.className = 'unread-divider';
    this.#divider.textContent = t('unread-divider');
  }

  /** Whether it is where it belongs. */
  get isInPlace(): boolean {
    const first = this.#first;
    return first ? first.previousElementSibling === this.#divider : !this.#divider.isConnected;
  }

  /** Inserts it before the first message on the page after the last one read. */
  insert(): void {
    const next = messageAfter(this.#divider);
    const first = this.#first;
    this.#divider.remove();
    if (next) group(next);
    first?.before(this.#divider);
    if (first) group(first);
  }

  get #first(): HTMLElement | undefined {
    const { after } = this.position;
    if (after === undefined || !this.#covers(after)) return undefined;
    return messagesIn(this.#list).find((article) => messageId(article) > after);
  }
}
