import { BATCH_BYTES, Batch } from './batch.ts';
import { afterEvent, type Cursor, formatCursor, isBefore, type Position } from './cursor.ts';
import { ChatError } from './errors.ts';
import { asUnchanged, type Fragment, type LazyFragment } from './fragment.ts';
import type { HistoryStore, Page, PostCount } from './history-store.ts';
import type { LogPosition } from './log.ts';
import type { Message } from './message.ts';
import { RecentChanges } from './recent-changes.ts';
import type { FragmentRenderer, Reader } from './renderer.ts';
import type { Chunk } from './waiter.ts';

/** The most changes that are sent on reconnecting: a client that missed more is reset. */
const MAX_RESUME = 1_000;
/** Messages read from the store at once for a waiter that is catching up. */
const CHUNK_SIZE = 64;
/** Bytes of messages on a page of history: it may have fewer messages than were requested. */
export const PAGE_BYTES = 256 * 1024;

/** A page of history. */
export interface HistoryPage {
  readonly fragments: readonly Fragment[];
  /** Whether there is more before it, and after it. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** The answer to a client that asks now. */
export interface ChangesResponse {
  /** Whether what the client had can't be continued, and this replaces it. */
  readonly isReset: boolean;
  readonly fragments: readonly Fragment[];
  /** Where to continue. */
  readonly cursor: string;
}

/** Everything that happened in a room: the newest in memory, the rest in the store. */
export class RoomHistory {
  readonly #room: string;
  readonly #log: LogPosition;
  readonly #store: HistoryStore;
  readonly #renderer: FragmentRenderer;
  readonly #recent: RecentChanges;
  /** The number of the event that cleared the room: nothing before it exists. */
  #clearedSeq = 0;

  constructor(room: string, log: LogPosition, store: HistoryStore, renderer: FragmentRenderer) {
    this.#room = room;
    this.#log = log;
    this.#store = store;
    this.#renderer = renderer;
    this.#recent = new RecentChanges(log.epoch, renderer);
  }

  /** Reads the newest from the store. Nothing is rendered: no client has requested it yet. */
  async open(): Promise<void> {
    const [posts, changes] = await Promise.all([
      this.#store.before(this.#room, Number.MAX_SAFE_INTEGER, RecentChanges.HISTORY),
      this.#store.latest(this.#room, RecentChanges.CAPACITY),
    ]);
    const newest = (page: Page) => ({ ...page, messages: this.#all(page.messages) });
    this.#recent.seed(newest(posts), newest(changes));
  }

  get epoch(): string {
    return this.#log.epoch;
  }

  get end(): Position {
    return this.#recent.end;
  }

  get cursor(): Cursor {
    return { epoch: this.epoch, ...afterEvent(this.end.seq) };
  }

  get historyStart(): number {
    return this.#recent.historyStart;
  }

  add(fragments: readonly LazyFragment[]): void {
    this.#recent.add(fragments);
  }

  /** The event with this number cleared the room. */
  clearAt(seq: number): void {
    if (seq <= this.#clearedSeq) return;
    this.#clearedSeq = seq;
    this.#recent.clear(seq);
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
  async pageBefore(
    id: number,
    limit: number,
    reader: Reader,
    maxBytes = PAGE_BYTES,
  ): Promise<HistoryPage> {
    const { messages, isMore } = await this.#store.before(this.#room, id, limit);
    const fragments = await this.#last(this.#all(messages), reader, maxBytes);
    const isCut = fragments.length < messages.length;
    return { fragments, hasOlder: isMore || isCut, hasNewer: id <= this.end.seq };
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
  async pageAfter(
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
  async pageAfterRead(
    id: number,
    limits: { readonly before: number; readonly after: number },
    reader: Reader,
  ): Promise<HistoryPage> {
    const read = await this.pageBefore(id + 1, limits.before, reader, PAGE_BYTES / 2);
    const unread = await this.pageAfter(id, limits.after, reader, PAGE_BYTES / 2);
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
  async pageAround(id: number, limit: number, reader: Reader): Promise<HistoryPage> {
    const message = await this.#store.message(this.#room, id);
    if (!message) throw new ChatError('no-such-message');
    const own = await this.render([message], reader);
    const before = await this.pageBefore(id, limit, reader, PAGE_BYTES / 2);
    const after = await this.pageAfter(id, limit, reader, PAGE_BYTES / 2);
    return {
      fragments: [...before.fragments, ...own, ...after.fragments],
      hasOlder: before.hasOlder,
      hasNewer: after.hasNewer,
    };
  }

  /** See `HistoryStore.countAfter`. */
  countAfter(id: number, except: string, limit: number): Promise<PostCount> {
    return this.#store.countAfter(this.#room, id, except, limit);
  }

  async canResume({ epoch, ...position }: Cursor): Promise<boolean> {
    const { seq } = position;
    if (epoch !== this.epoch || seq > Math.max(this.end.seq, this.#log.head)) return false;
    if (seq < this.#clearedSeq) return false;
    if (this.#recent.covers(position)) return true;
    return (await this.#store.countSince(this.#room, position, MAX_RESUME + 1)) <= MAX_RESUME;
  }

  /** The answer to a client that asks now: the first changes after the cursor. */
  async changesSince(after: Cursor | undefined, reader: Reader): Promise<ChangesResponse> {
    const { epoch } = this;
    if (!after || !(await this.canResume(after))) {
      const cursor = formatCursor(this.cursor);
      const { fragments } = await this.latest(reader);
      return { isReset: after !== undefined, fragments, cursor };
    }
    const { batch, through } = await this.changesAfter(after, 0, reader);
    const position = isBefore(through, after) ? after : through;
    return {
      isReset: batch?.isReset ?? false,
      fragments: batch?.fragments ?? [],
      cursor: formatCursor({ ...position, epoch }),
    };
  }

  /** A message, in its current state. */
  message(id: number): Promise<Message | undefined> {
    return this.#store.message(this.#room, id);
  }

  /** See `ChangeFeed.messagesAfter`. */
  async messagesAfter(id: number, reader: Reader): Promise<Chunk> {
    const { end } = this;
    const batch =
      id >= this.historyStart
        ? await this.#recent.postedAfter(id, reader)
        : await this.#stored(id, reader);
    return { batch, through: afterEvent(batch?.fragments.at(-1)?.id ?? end.seq) };
  }

  /**
   * See `ChangeFeed.changesAfter`. What is committed while it renders is not in the chunk, and
   * comes after it: the chunk has the state of the room as of this call.
   */
  async changesAfter(position: Position, floor: number, reader: Reader): Promise<Chunk> {
    const { end } = this;
    const { seq } = end;
    if (position.seq < this.#clearedSeq && floor < this.#clearedSeq - 1) {
      const { historyStart } = this;
      const first = await this.#recent.after(afterEvent(historyStart), historyStart, reader);
      return chunkUpTo(end, first && new Batch(first.fragments, this.epoch, true));
    }
    if (this.#recent.covers(position)) {
      return chunkUpTo(end, await this.#recent.after(position, floor, reader));
    }
    const stored = await this.#store.changedSince(this.#room, position, floor, CHUNK_SIZE);
    // Changes that the log has not delivered here yet come with their batch, and not before.
    const changed = stored.messages.filter((message) => message.seq <= seq);
    const taken = await this.#renderer.take(this.#all(changed), reader, BATCH_BYTES);
    const batch = this.#batch(taken);
    const isWhole = taken.length === changed.length;
    const isLast = isWhole && (!stored.isMore || changed.length < stored.messages.length);
    return isLast ? { batch, through: afterEvent(seq) } : chunkUpTo(end, batch);
  }

  /** The first batch of messages posted after `id`, from the store. */
  async #stored(id: number, reader: Reader): Promise<Batch | undefined> {
    const { seq } = this.end;
    const { messages } = await this.#store.postedAfter(this.#room, id, CHUNK_SIZE);
    // Messages that the log has not delivered here yet come with their batch, and not before.
    const posted = messages.filter((message) => message.id <= seq);
    const taken = await this.#renderer.take(this.#all(posted), reader, BATCH_BYTES);
    return this.#batch(taken.map(asUnchanged));
  }

  #batch(fragments: readonly Fragment[]): Batch | undefined {
    return fragments.length > 0 ? new Batch(fragments, this.epoch) : undefined;
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

/** A chunk that ends with its batch; without changes in it, or with the last one, there are no more. */
function chunkUpTo(end: Position, batch: Batch | undefined): Chunk {
  const isPart = batch && isBefore(batch.end, end);
  return { batch, through: isPart ? batch.end : afterEvent(end.seq) };
}
