import type { Appended, Log } from '../log/log.ts';
import type { Answer } from '../render/answer.ts';
import { type Fragment, fragment } from '../render/fragment.ts';
import type { Message } from '../store/message.ts';
import type { Store } from '../store/store.ts';
import { batches } from './batch.ts';
import { type Command, readBody } from './command.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import { Recent } from './recent.ts';
import type { Piece, Source, Waiter } from './waiter.ts';

/** More changes than these are not sent after an absence: one who missed so much begins anew. */
const MAX_RESUME = 1_000;
/** Messages read from the store at once for a waiter that is behind. */
const PIECE_MESSAGES = 64;

/** Where people talk: one log of events, and those who wait for the next. */
export class Room implements Source {
  readonly name: string;
  readonly #log: Log;
  readonly #store: Store;
  readonly #recent: Recent;
  readonly #waiters = new Set<Waiter>();
  /** What came while the room was read from the store. */
  #early: Message[] | undefined = [];

  constructor(name: string, log: Log, store: Store) {
    this.name = name;
    this.#log = log;
    this.#store = store;
    this.#recent = new Recent(log.epoch);
  }

  /** Reads what the room begins with from the store. */
  async open(): Promise<this> {
    const stored = await this.#store.before(this.name, Number.MAX_SAFE_INTEGER, Recent.ENOUGH);
    const early = this.#early ?? [];
    this.#early = undefined;
    this.receive(stored);
    this.receive(early);
    return this;
  }

  get epoch(): string {
    return this.#log.epoch;
  }

  get head(): number {
    return this.#recent.head;
  }

  /** Where one stands who has heard all there is. */
  get cursor(): Cursor {
    return { epoch: this.epoch, seq: this.head };
  }

  get isEmpty(): boolean {
    return this.#waiters.size === 0 && this.#early === undefined;
  }

  /** The one door for writing. @throws Refusal, and nothing has happened */
  async do({ message, cid }: Command, uid: string): Promise<Appended> {
    const body = readBody(message);
    return this.#log.append({ kind: 'posted', room: this.name, uid, cid, body, at: Date.now() });
  }

  /** Takes what a commit changed: rendered once, framed once, given to every waiter. */
  receive(messages: readonly Message[]): void {
    if (this.#early) {
      this.#early.push(...messages);
      return;
    }
    const fresh = messages.filter(({ seq }) => seq > this.head);
    for (const batch of batches(fresh.map(fragment), this.epoch)) {
      this.#recent.add(batch.fragments);
      for (const waiter of this.#waiters) waiter.deliver(batch);
    }
  }

  enter(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** The last messages, rendered. */
  get latest(): readonly Fragment[] {
    return this.#recent.history;
  }

  /** The last messages before the message `id`, rendered, the oldest first. */
  async before(id: number, limit: number): Promise<readonly Fragment[]> {
    return (await this.#store.before(this.name, id, limit)).map(fragment);
  }

  get historyFloor(): number {
    return this.#recent.historyFloor;
  }

  async canResume({ epoch, seq }: Cursor): Promise<boolean> {
    if (epoch !== this.epoch || seq > Math.max(this.head, this.#log.head)) return false;
    if (this.#recent.reaches(seq)) return true;
    return (await this.#store.countSince(this.name, seq, MAX_RESUME + 1)) <= MAX_RESUME;
  }

  /** What one is answered who asks now: what changed after the cursor, the first of it. */
  async since(after: Cursor | undefined): Promise<Answer> {
    const { epoch } = this;
    if (!after || !(await this.canResume(after))) {
      const cursor = formatCursor(this.cursor);
      return { isGap: after !== undefined, fragments: this.latest, cursor };
    }
    const { batch, upTo } = await this.read(after.seq);
    const seq = Math.max(upTo, after.seq);
    return {
      isGap: false,
      fragments: batch?.fragments ?? [],
      cursor: formatCursor({ epoch, seq }),
    };
  }

  async read(seq: number): Promise<Piece> {
    const { head } = this;
    if (this.#recent.reaches(seq)) {
      const batch = this.#recent.after(seq);
      return { batch, upTo: batch?.head ?? head };
    }
    const stored = await this.#store.changedSince(this.name, seq, PIECE_MESSAGES);
    // What the log has not brought here yet comes with its batch, and not before.
    const fragments = stored.filter((message) => message.seq <= head).map(fragment);
    const [batch] = batches(fragments, this.epoch);
    const isLast =
      fragments.length < PIECE_MESSAGES && (batch?.fragments.length ?? 0) === fragments.length;
    return { batch: batch ?? undefined, upTo: isLast ? head : (batch?.head ?? head) };
  }
}
