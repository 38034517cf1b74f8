import { ChatError } from './errors.ts';
import type { Fragment, LazyFragment } from './fragment.ts';
import type { HistoryStore } from './history-store.ts';
import type { Message } from './message.ts';
import type { RecentChanges } from './recent-changes.ts';
import type { FragmentRenderer, Reader } from './renderer.ts';

/** Bytes of messages on a page of history: it may have fewer messages than were requested. */
export const PAGE_BYTES = 256 * 1024;

/** A page of history. */
export interface HistoryPage {
  readonly fragments: readonly Fragment[];
  /** Whether there is more before it, and after it. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** The messages of a room by the page, rendered for readers. */
export class HistoryPages {
  readonly #room: string;
  readonly #store: HistoryStore;
  readonly #renderer: FragmentRenderer;
  readonly #recent: RecentChanges;

  constructor(
    room: string,
    store: HistoryStore,
    renderer: FragmentRenderer,
    recent: RecentChanges,
  ) {
    this.#room = room;
    this.#store = store;
    this.#renderer = renderer;
    this.#recent = recent;
  }

  /** A message to be sent, or the one in memory if it was sent before. */
  fragmentOf(message: Message): LazyFragment {
    return this.#recent.find(message) ?? this.#renderer.message(message);
  }

  /** A message rendered for a reader. */
  async text(message: Message, reader: Reader): Promise<string> {
    const fragment = this.fragmentOf(message);
    await this.#renderer.take([fragment], reader, PAGE_BYTES);
    return fragment.text(reader.type);
  }

  /** The first of the messages, at least one, that fit into so many bytes, rendered. */
  render(
    messages: readonly Message[],
    reader: Reader,
    maxBytes = PAGE_BYTES,
  ): Promise<readonly Fragment[]> {
    return this.#renderer.take(this.#all(messages), reader, maxBytes);
  }

  /** The latest messages, rendered, oldest first. */
  async latest(reader: Reader, maxBytes = PAGE_BYTES): Promise<HistoryPage> {
    const { history, hasEarlier } = this.#recent;
    const fragments = await this.#last(history, reader, maxBytes);
    const isCut = fragments.length < history.length;
    return { fragments, hasOlder: hasEarlier || isCut, hasNewer: false };
  }

  /** The last messages before the message `id`, rendered, oldest first. */
  async before(
    id: number,
    limit: number,
    reader: Reader,
    maxBytes = PAGE_BYTES,
  ): Promise<HistoryPage> {
    const { messages, isMore } = await this.#store.before(this.#room, id, limit);
    const fragments = await this.#last(this.#all(messages), reader, maxBytes);
    const isCut = fragments.length < messages.length;
    return { fragments, hasOlder: isMore || isCut, hasNewer: id <= this.#recent.end.seq };
  }

  /** Messages by their ids, rendered in their current state, in this order. */
  async byIds(
    ids: readonly number[],
    reader: Reader,
    maxBytes = PAGE_BYTES,
  ): Promise<readonly Fragment[]> {
    const found = await Promise.all(ids.map((id) => this.#store.message(this.#room, id)));
    const messages = found.filter((message) => message !== undefined);
    return this.render(messages, reader, maxBytes);
  }

  /** The first messages after the message `id`, rendered, oldest first. */
  async after(
    id: number,
    limit: number,
    reader: Reader,
    maxBytes = PAGE_BYTES,
  ): Promise<HistoryPage> {
    const { messages, isMore } = await this.#store.after(this.#room, id, limit);
    const fragments = await this.render(messages, reader, maxBytes);
    const isCut = fragments.length < messages.length;
    return { fragments, hasOlder: id > 0, hasNewer: isMore || isCut };
  }

  /** The last messages up to the message `id`, and more that come after it. */
  async afterRead(
    id: number,
    limits: { readonly before: number; readonly after: number },
    reader: Reader,
  ): Promise<HistoryPage> {
    const read = await this.before(id + 1, limits.before, reader, PAGE_BYTES / 2);
    const unread = await this.after(id, limits.after, reader, PAGE_BYTES / 2);
    return {
      fragments: [...read.fragments, ...unread.fragments],
      hasOlder: read.hasOlder,
      hasNewer: unread.hasNewer,
    };
  }

  /**
   * A message with `limit` messages on each side.
   * @throws ChatError where there is none
   */
  async around(id: number, limit: number, reader: Reader): Promise<HistoryPage> {
    const message = await this.#store.message(this.#room, id);
    if (!message) throw new ChatError('no-such-message');
    const own = await this.render([message], reader);
    const before = await this.before(id, limit, reader, PAGE_BYTES / 2);
    const after = await this.after(id, limit, reader, PAGE_BYTES / 2);
    return {
      fragments: [...before.fragments, ...own, ...after.fragments],
      hasOlder: before.hasOlder,
      hasNewer: after.hasNewer,
    };
  }

  /** The last of the messages that fit into so many bytes, in their order. */
  async #last(
    messages: readonly LazyFragment[],
    reader: Reader,
    maxBytes: number,
  ): Promise<readonly Fragment[]> {
    return (await this.#renderer.take(messages.toReversed(), reader, maxBytes)).toReversed();
  }

  #all(messages: readonly Message[]): LazyFragment[] {
    return messages.map((message) => this.fragmentOf(message));
  }
}
