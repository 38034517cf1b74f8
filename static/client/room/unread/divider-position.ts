import { readSession, writeSession } from '../../lib/storage.ts';

interface Position {
  /** The last message that was read. */
  readonly after: number;
  /** Whether everything after it has been read since. */
  readonly isRead: boolean;
}

/**
 * Where the divider between read and unread messages is: it stays, over reloads of the tab, until
 * there is more that is unread.
 */
export class DividerPosition {
  readonly #key: string;
  #position: Position | undefined;

  constructor(room: string) {
    this.#key = `left.${room}`;
    this.#position = readSession<Position | null>(this.#key, null) ?? undefined;
  }

  /** The message before the divider, if there is a divider. */
  get after(): number | undefined {
    return this.#position?.after;
  }

  /** There are unread messages after this one. If the reader has not read on, it stays. */
  placeAfter(after: number): void {
    if (!this.#position || this.#position.isRead) this.#become({ after, isRead: false });
  }

  /** Everything was read. */
  read(): void {
    if (this.#position && !this.#position.isRead) this.#become({ ...this.#position, isRead: true });
  }

  /** Nothing is unread any more. */
  drop(): void {
    if (this.#position) this.#become(undefined);
  }

  #become(position: Position | undefined): void {
    this.#position = position;
    writeSession(this.#key, position ?? null);
  }
}
