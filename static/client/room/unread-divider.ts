import { byId, messageId } from '../lib/dom.ts';
import { t } from '../lib/messages.ts';
import { readSession, writeSession } from '../lib/storage.ts';
import { group } from './group.ts';

interface DividerState {
  /** The last message that one had seen. */
  readonly after: number;
  /** Whether all that came after it has been seen since. */
  readonly isRead: boolean;
}

/** A line between what one had seen and what came since. It stays there until there is more to tell. */
export class UnreadDivider {
  readonly #key: string;
  readonly #list = byId('messages');
  readonly #line = document.createElement('p');
  #left: DividerState | undefined;

  constructor(room: string) {
    this.#key = `left.${room}`;
    this.#left = readSession<DividerState | null>(this.#key, null) ?? undefined;
    this.#line.className = 'unread-line';
    this.#line.textContent = t('unread-line');
  }

  /** There is something unseen after this message. Where one has not read on, the line stays. */
  placeAfter(after: number): void {
    if (!this.#left || this.#left.isRead) this.#become({ after, isRead: false });
  }

  /** All was seen. */
  read(): void {
    if (this.#left && !this.#left.isRead) this.#become({ ...this.#left, isRead: true });
  }

  /** There is nothing to tell any more. */
  drop(): void {
    if (this.#left) this.#become(undefined);
  }

  /** Whether it stands where it has to. */
  get isInPlace(): boolean {
    const first = this.#first;
    return first ? first.previousElementSibling === this.#line : !this.#line.isConnected;
  }

  /** Stands before the first message after the one that was seen, of those that the page holds. */
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
