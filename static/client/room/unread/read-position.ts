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
  readonly #uid: () => string | undefined;
  #lastId: number;

  /**
   * @param latestId the last message of the room: on a first visit nothing is unread
   * @param uid of the user that the browser is signed in as; `undefined` for a guest
   * @param storedId what the server has stored for the user
   */
  constructor(
    room: string,
    latestId: number,
    uid: () => string | undefined = () => undefined,
    storedId?: number,
  ) {
    this.#room = room;
    this.#uid = uid;
    const known = [lastRead(room, uid()), storedId].filter((id) => id !== undefined);
    this.#lastId = known.length > 0 ? Math.max(...known) : latestId;
  }

  /** The last message that was read. */
  get lastId(): number {
    return this.#lastId;
  }

  /** The user has read this on another device. */
  advance(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
    markRead(this.#room, this.#lastId, this.#uid());
  }

  /** Marks what is in view as read. */
  update({ cursor, lastId }: View): void {
    this.#lastId = Math.max(this.#lastId, lastRead(this.#room, this.#uid()) ?? 0);
    // When the log is reset, so are its numbers.
    if (cursor !== undefined && Number(cursor.split('.')[1]) < this.#lastId) this.#lastId = 0;
    if (lastId === undefined) return;
    this.#lastId = Math.max(this.#lastId, lastId);
    markRead(this.#room, this.#lastId, this.#uid());
  }
}

/** The title of the page with the number of unread messages, in place of the former number. */
export function titleWithCount(title: string, count: number): string {
  const plain = title.replace(/^\(\d+\+?\) /, '');
  if (count === 0) return plain;
  return `(${count > MAX_COUNTED ? `${MAX_COUNTED}+` : count}) ${plain}`;
}
