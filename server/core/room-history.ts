import { BATCH_BYTES, Batch } from './batch.ts';
import { afterEvent, type Cursor, formatCursor, isBefore, type Position } from './cursor.ts';
import { asUnchanged, type Fragment, type LazyFragment } from './fragment.ts';
import { HistoryPages } from './history-pages.ts';
import type { HistoryStore, Page, PostCount } from './history-store.ts';
import type { PublishedLog } from './log.ts';
import type { Message } from './message.ts';
import { RecentChanges } from './recent-changes.ts';
import type { FragmentRenderer, Reader } from './renderer.ts';
import type { Chunk } from './waiter.ts';

/** The most changes that are sent on reconnecting: a client that missed more is reset. */
const MAX_RESUME = 1_000;
/** Messages read from the store at once for a waiter that is catching up. */
const CHUNK_SIZE = 64;

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
  /** Its messages by the page. */
  readonly pages: HistoryPages;
  readonly #room: string;
  readonly #log: PublishedLog;
  readonly #store: HistoryStore;
  readonly #renderer: FragmentRenderer;
  readonly #recent: RecentChanges;
  /** The number of the event that cleared the room: nothing before it exists. */
  #clearedSeq = 0;

  constructor(room: string, log: PublishedLog, store: HistoryStore, renderer: FragmentRenderer) {
    this.#room = room;
    this.#log = log;
    this.#store = store;
    this.#renderer = renderer;
    this.#recent = new RecentChanges(log.epoch, renderer);
    this.pages = new HistoryPages(room, store, renderer, this.#recent);
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

  /** The messages up to this one no longer exist. Cursors stay valid. */
  expire(id: number): void {
    this.#recent.expire(id);
  }

  /** See `HistoryStore.countAfter`. */
  countAfter(id: number, except: string, limit: number): Promise<PostCount> {
    return this.#store.countAfter(this.#room, id, except, limit);
  }

  async canResume({ epoch, ...position }: Cursor): Promise<boolean> {
    const { seq } = position;
    if (epoch !== this.epoch) return false;
    if (seq > this.end.seq && !(await this.#log.reach(seq))) return false;
    if (seq < this.#clearedSeq) return false;
    if (this.#recent.covers(position)) return true;
    return (await this.#store.countSince(this.#room, position, MAX_RESUME + 1)) <= MAX_RESUME;
  }

  /** The answer to a client that asks now: the first changes after the cursor. */
  async changesSince(after: Cursor | undefined, reader: Reader): Promise<ChangesResponse> {
    const { epoch } = this;
    if (!after || !(await this.canResume(after))) {
      const cursor = formatCursor(this.cursor);
      const { fragments } = await this.pages.latest(reader);
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

  #all(messages: readonly Message[]): LazyFragment[] {
    return messages.map((message) => this.pages.fragmentOf(message));
  }
}

/** A chunk that ends with its batch; without changes in it, or with the last one, there are no more. */
function chunkUpTo(end: Position, batch: Batch | undefined): Chunk {
  const isPart = batch && isBefore(batch.end, end);
  return { batch, through: isPart ? batch.end : afterEvent(end.seq) };
}
