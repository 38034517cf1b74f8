import { lastRead, markRead } from './last-read.ts';

/** More unread messages than these are not counted in the title. */
const MAX_COUNTED = 99;

/** What the reader sees. */
interface View {
  /** The cursor of the page; `undefined` during a reset. */
  readonly cursor: string | undefined;
  /** The last message whose end is on the screen; `undefined` while the page is hidden. */
  readonly lastId: number | undefined;
}

/** How far the reader has read in a room, in all tabs of this browser. */
export class ReadPosition {
  readonly #room: string;
  #lastId: number;

  /** @param latestId the last message on the page: on a first visit nothing is unread */
  constructor(room: string, latestId: number) {
    this.#room = room;
    this.#lastId = lastRead(room) ?? latestId;
  }

  /** The last message that was read. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Marks what is in view as read. */
  update({ cursor, lastId }: View): void {
    this.#lastId = Math.max(this.#lastId, lastRead(this.#room) ?? 0);
    // When the log is reset, so are its numbers.
    if (cursor !== undefined && Number(cursor.split('.')[1]) < this.#lastId) this.#lastId = 0;
    if (lastId === undefined) return;
    this.#lastId = Math.max(this.#lastId, lastId);
    markRead(this.#room, this.#lastId);
  }
}

/** The title of the page with the number of unread messages, in place of the former number. */
export function titleWithCount(title: string, count: number): string {
  const plain = title.replace(/^\(\d+\+?\) /, '');
  if (count === 0) return plain;
  return `(${count > MAX_COUNTED ? `${MAX_COUNTED}+` : count}) ${plain}`;
}
