import { Refusal } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Answer } from '../render/answer.ts';
import { asNew, type Fragment, fragment } from '../render/fragment.ts';
import type { Message } from '../store/message.ts';
import type { Found, SearchRequest } from '../store/search.ts';
import type { Store } from '../store/store.ts';
import { Batch, batches } from './batch.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import { Recent } from './recent.ts';
import type { Piece } from './waiter.ts';

/** More changes than these are not sent after an absence: one who missed so much begins anew. */
const MAX_RESUME = 1_000;
/** Messages read from the store at once for a waiter that is behind. */
const PIECE_MESSAGES = 64;

/** A stretch of the past. */
export interface Place {
  readonly fragments: readonly Fragment[];
  /** Whether there is more before it, and after it. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** All that happened in a room up to now: the newest of it at hand, the rest in the store. */
export class Past {
  readonly #room: string;
  readonly #log: Log;
  readonly #store: Store;
  readonly #recent: Recent;
  /** The number of the event that cleared the room: nothing before that is there. */
  #clearedSeq = 0;

  constructor(room: string, log: Log, store: Store) {
    this.#room = room;
    this.#log = log;
    this.#store = store;
    this.#recent = new Recent(log.epoch);
  }

  /** Reads the newest from the store. */
  async open(): Promise<void> {
    const [posts, changes] = await Promise.all([
      this.#store.before(this.#room, Number.MAX_SAFE_INTEGER, Recent.HISTORY),
      this.#store.latest(this.#room, Recent.ENOUGH),
    ]);
    this.#recent.fill(posts.map(fragment));
    this.#recent.add(changes.map(fragment));
  }

  get epoch(): string {
    return this.#log.epoch;
  }

  get head(): number {
    return this.#recent.head;
  }

  get cursor(): Cursor {
    return { epoch: this.epoch, seq: this.head };
  }

  /** The last messages, rendered. */
  get latest(): readonly Fragment[] {
    return this.#recent.history;
  }

  get historyFloor(): number {
    return this.#recent.historyFloor;
  }

  add(fragments: readonly Fragment[]): void {
    this.#recent.add(fragments);
  }

  /** The event of this number cleared the room. */
  clearAt(seq: number): void {
    if (seq <= this.#clearedSeq) return;
    this.#clearedSeq = seq;
    this.#recent.clear(seq);
  }

  /** The last messages before the message `id`, rendered, the oldest first. */
  async before(id: number, limit: number): Promise<readonly Fragment[]> {
    return (await this.#store.before(this.#room, id, limit)).map(fragment);
  }

  /** Messages by their ids, rendered as they stand now, in this order. */
  async all(ids: readonly number[]): Promise<readonly Fragment[]> {
    const found = await Promise.all(ids.map((id) => this.#store.message(this.#room, id)));
    return found.flatMap((message) => (message ? [fragment(message)] : []));
  }

  /** The first messages after the message `id`, rendered, the oldest first. */
  async after(id: number, limit: number): Promise<readonly Fragment[]> {
    return (await this.#store.after(this.#room, id, limit)).map(fragment);
  }

  /**
   * A message among those around it, `limit` on each side.
   * @throws Refusal where there is none
   */
  async around(id: number, limit: number): Promise<Place> {
    const message = await this.#store.message(this.#room, id);
    if (!message) throw new Refusal('no-such-message');
    const [before, after] = await Promise.all([this.before(id, limit), this.after(id, limit)]);
    return {
      fragments: [...before, fragment(message), ...after],
      hasOlder: before.length === limit,
      hasNewer: after.length === limit,
    };
  }

  /**
   * The last messages with what is searched for, the newest first.
   * @param from the address that asks
   * @throws Refusal where it is too much, or the server has too much to search for
   */
  search(request: Omit<SearchRequest, 'room'>, from: string): Promise<Found> {
    return this.#store.search({ room: this.#room, ...request }, from);
  }

  /** How many messages were posted after the message `id`, counted up to `limit`. */
  countAfter(id: number, limit: number): Promise<number> {
    return this.#store.countAfter(this.#room, id, limit);
  }

  async canResume({ epoch, seq }: Cursor): Promise<boolean> {
    if (epoch !== this.epoch || seq > Math.max(this.head, this.#log.head)) return false;
    if (seq < this.#clearedSeq) return false;
    if (this.#recent.reaches(seq)) return true;
    return (await this.#store.countSince(this.#room, seq, MAX_RESUME + 1)) <= MAX_RESUME;
  }

  /** What one is answered who asks now: what changed after the cursor, the first of it. */
  async since(after: Cursor | undefined): Promise<Answer> {
    const { epoch } = this;
    if (!after || !(await this.canResume(after))) {
      const cursor = formatCursor(this.cursor);
      return { isGap: after !== undefined, fragments: this.latest, cursor };
    }
    const { batch, upTo } = await this.read(after.seq, 0);
    const seq = Math.max(upTo, after.seq);
    return {
      isGap: batch?.isAnew ?? false,
      fragments: batch?.fragments ?? [],
      cursor: formatCursor({ epoch, seq }),
    };
  }

  /** A message, as it stands now. */
  find(id: number): Promise<Message | undefined> {
    return this.#store.message(this.#room, id);
  }

  /** See `Source.posted`. */
  async posted(id: number): Promise<Piece> {
    const { head } = this;
    const batch = id >= this.historyFloor ? this.#recent.postedAfter(id) : await this.#stored(id);
    return { batch, upTo: batch?.fragments.at(-1)?.id ?? head };
  }

  /** See `Source.read`. */
  async read(seq: number, floor: number): Promise<Piece> {
    const { head } = this;
    if (seq < this.#clearedSeq && floor < this.#clearedSeq - 1) {
      const { historyFloor } = this;
      const first = this.#recent.after(historyFloor, historyFloor);
      const anew = first && new Batch(first.fragments, this.epoch, true);
      return { batch: anew, upTo: anew?.head ?? head };
    }
    if (this.#recent.reaches(seq)) {
      const batch = this.#recent.after(seq, floor);
      return { batch, upTo: batch?.head ?? head };
    }
    const stored = await this.#store.changedSince(this.#room, seq, floor, PIECE_MESSAGES);
    // What the log has not brought here yet comes with its batch, and not before.
    const fragments = stored.filter((message) => message.seq <= head).map(fragment);
    const [batch] = batches(fragments, this.epoch);
    const isLast =
      fragments.length < PIECE_MESSAGES && (batch?.fragments.length ?? 0) === fragments.length;
    return { batch: batch ?? undefined, upTo: isLast ? head : (batch?.head ?? head) };
  }

  /** The first batch of what was posted after the message `id`, from the store. */
  async #stored(id: number): Promise<Batch | undefined> {
    const { head } = this;
    const stored = await this.#store.postedAfter(this.#room, id, PIECE_MESSAGES);
    // What the log has not brought here yet comes with its batch, and not before.
    const posted = stored.filter((message) => message.id <= head);
    const [batch] = batches(posted.map(fragment).flatMap(asNew), this.epoch);
    return batch ?? undefined;
  }
}
