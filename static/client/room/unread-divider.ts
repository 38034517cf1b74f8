import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { readSession, writeSession } from '../lib/storage.ts';
import { group } from './group.ts';

interface DividerState {
  /** The last message that was read. */
  readonly after: number;
  /** Whether everything after it has been read since. */
  readonly isRead: boolean;
}

/** The divider between read and unread messages. It stays until there is more that is unread. */
export class UnreadDivider {
  readonly #key: string;
  readonly #list = byId('messages');
  readonly #line = document.createElement('p');
  #left: DividerState | undefined;

  constructor(room: string) {
    this.#key = `left.${room}`;
    this.#left = readSession<DividerState | null>(this.#key, null) ?? undefined;
    this.#line.className = 'unread-line';
    this.#line.textContent = t('unread-divider');
  }

  /** There are unread messages after this one. If the reader has not read on, the divider stays. */
  placeAfter(after: number): void {
    if (!this.#left || this.#left.isRead) this.#become({ after, isRead: false });
  }

  /** Everything was read. */
  read(): void {
    if (this.#left && !this.#left.isRead) this.#become({ ...this.#left, isRead: true });
  }

  /** Nothing is unread any more. */
  drop(): void {
    if (this.#left) this.#become(undefined);
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
    const { after } = this.#left ?? {};
    if (after === undefined) return undefined;
    return [...this.#list.children].find((one) => messageId(one) > after);
  }

  #become(left: DividerState | undefined): void {
    this.#left = left;
    writeSession(this.#key, left ?? null);
  }
}
