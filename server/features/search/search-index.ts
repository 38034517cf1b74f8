import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { clearsHistory } from '../moderation/room-actions.ts';
import { openIndex } from './index-file.ts';
import { indexed, roomTerm } from './searchable-text.ts';

/**
 * Events and changed messages to index, or messages to purge, per transaction: searches and shutdown
 * wait for it. The last event may have changed more.
 */
const PIECE = 250;
/** Pages of the index merged at once, for the same reason. */
const MERGED_PAGES = 50;
/** Removing erased terms rewrites the index: afterwards it pauses this many times longer. */
const TIDY_REST = 20;
/** The events that erase indexed text, besides clearing a room. */
const ERASING = new Set([
  'message-edited',
  'message-deleted',
  'option-moderated',
  'poll-changed',
  'erasure-continued',
]);

/** An event of the log. */
interface EventRow {
  readonly seq: number;
  readonly kind: string;
  readonly room: string;
}

/** Events, from the first to the last or back, and the messages that they were the last to change. */
interface Piece {
  readonly events: readonly EventRow[];
  readonly messages: readonly Message[];
}

/**
 * The search index, a cursor over the log: it lags behind the writer, and catches up in pieces. It
 * grows at both ends, newest first: when a long history is first indexed, the latest messages are
 * found first.
 */
export class SearchIndex {
  readonly db: DatabaseSync;
  #first: number;
  #last: number;
  readonly #after;
  readonly #upTo;
  readonly #changedBy;
  readonly #remove;
  readonly #insert;
  readonly #clear;
  readonly #expired;
  readonly #cleared;
  readonly #inRoom;
  readonly #goOn;
  readonly #done;
  readonly #move;
  readonly #changes;
  readonly #merge;
  /** Terms were erased since they were last removed from the pages; or since that started. */
  #hasErased: boolean;
  #isMerging = false;
  #erasedMeanwhile = false;
  #spentMs = 0;
  #restsUntil = 0;

  private constructor(chat: DatabaseSync, db: DatabaseSync) {
    this.db = db;
    const span = db.prepare('SELECT first, last, has_erased FROM span').get();
    this.#first = Number(span?.first);
    this.#last = Number(span?.last);
    this.#hasErased = Number(span?.has_erased) === 1;
    const events = (which: string) =>
      chat.prepare(`SELECT seq, kind, room FROM events WHERE ${which} LIMIT ${PIECE}`);
    this.#after = events('seq > ? ORDER BY seq');
    this.#upTo = events('seq <= ? ORDER BY seq DESC');
    // A message has the number of the event of its room that was the last to change it.
    this.#changedBy = chat.prepare(
      `SELECT * FROM messages WHERE room = ?1 AND seq = ?2
         AND id >= coalesce((SELECT before FROM cleared WHERE room = ?1), 0)`,
    );
    this.#remove = db.prepare('DELETE FROM found WHERE rowid = ?');
    this.#insert = db.prepare('INSERT INTO found (rowid, terms) VALUES (?, ?)');
    this.#clear = db.prepare(
      `INSERT INTO cleared VALUES (?, 0, ?)
       ON CONFLICT DO UPDATE SET after = 0, before = max(before, excluded.before)`,
    );
    this.#expired = chat.prepare(
      "SELECT coalesce(settings ->> 'expiredId', 0) AS id FROM rooms WHERE name = ?",
    );
    this.#cleared = db.prepare('SELECT room, after, before FROM cleared LIMIT 1');
    this.#inRoom = db.prepare(
      `SELECT rowid AS id FROM found WHERE found MATCH ? AND rowid > ? AND rowid < ?
       ORDER BY rowid LIMIT ${PIECE}`,
    );
    this.#goOn = db.prepare('UPDATE cleared SET after = ? WHERE room = ?');
    this.#done = db.prepare('DELETE FROM cleared WHERE room = ?');
    this.#move = db.prepare('UPDATE span SET first = ?, last = ?, has_erased = ?');
    this.#changes = db.prepare('SELECT total_changes() AS n');
    this.#merge = db.prepare("INSERT INTO found (found, rank) VALUES ('merge', ?)");
  }

  /** Opens or creates the index of a history: see openIndex. */
  static open(chat: DatabaseSync, ...index: Parameters<typeof openIndex>): SearchIndex {
    const db = openIndex(...index);
    try {
      return new SearchIndex(chat, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** The indexed events: those after `first` up to `last`. */
  get coverage(): { readonly first: number; readonly last: number } {
    return { first: this.#first, last: this.#last };
  }

  /** Indexes a piece of the new events. False if there are none. */
  indexNew(): boolean {
    const { events, messages } = this.#piece(this.#after.iterate(this.#last));
    const newest = events.at(-1);
    if (events.some(({ kind }) => ERASING.has(kind)) || messages.some(isClearing))
      this.#noteErased();
    if (!newest) return false;
    const rooms = events.flatMap(({ kind, room }) => (kind === 'messages-expired' ? [room] : []));
    this.#write(messages, this.#first, newest.seq, new Set(rooms));
    return true;
  }

  /** Indexes a piece of the old events. False if all are indexed. */
  indexOld(): boolean {
    if (this.#first === 0) return false;
    const { events, messages } = this.#piece(this.#upTo.iterate(this.#first));
    this.#write(messages, (events.at(-1)?.seq ?? 1) - 1, this.#last);
    return true;
  }

  /** Purges a piece of a cleared room. False if there is none. */
  purge(): boolean {
    const cleared = this.#cleared.get();
    if (!cleared) return false;
    const room = String(cleared.room);
    const term = `"${roomTerm(room)}"`;
    const ids = this.#inRoom.all(term, Number(cleared.after), Number(cleared.before));
    const last = ids.length < PIECE ? undefined : Number(ids.at(-1)?.id);
    this.#noteErased();
    this.#together(() => {
      for (const { id } of ids) this.#remove.run(Number(id));
      this.#move.run(this.#first, this.#last, Number(this.#hasErased));
      if (last === undefined) this.#done.run(room);
      else this.#goOn.run(last, room);
    });
    return true;
  }

  /**
   * Removes some erased terms from the pages: FTS5 only marks an entry as deleted, and keeps its
   * terms until it merges their segment of the index.
   * @returns milliseconds until there is more to do; `undefined` if nothing is left
   */
  tidy(): number | undefined {
    if (!this.#hasErased) return undefined;
    const start = performance.now();
    if (start < this.#restsUntil) return this.#restsUntil - start;
    const isMore = this.#mergePiece();
    this.#spentMs += performance.now() - start;
    if (isMore) return 0;
    this.#restsUntil = performance.now() + this.#spentMs * TIDY_REST;
    this.#spentMs = 0;
    return this.#hasErased ? this.#restsUntil - performance.now() : undefined;
  }

  close(): void {
    this.db.close();
  }

  #mergePiece(): boolean {
    const before = Number(this.#changes.get()?.n);
    // A negative number starts a merge of all segments into one.
    const isFirst = !this.#isMerging;
    this.#merge.run(isFirst ? -MERGED_PAGES : MERGED_PAGES);
    this.#isMerging = true;
    // Fewer than two changes mean no work (sqlite.org/fts5.html, "The 'merge' command").
    if (isFirst || Number(this.#changes.get()?.n) - before >= 2) return true;
    this.#isMerging = false;
    this.#hasErased = this.#erasedMeanwhile;
    this.#erasedMeanwhile = false;
    // Before it is noted as done: a server that is killed in between does it again.
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#move.run(this.#first, this.#last, Number(this.#hasErased));
    return false;
  }

  #noteErased(): void {
    this.#erasedMeanwhile = this.#isMerging;
    this.#hasErased = true;
  }

  /** The first events and what they changed, of each event all. */
  #piece(all: Iterable<unknown>): Piece {
    const events: EventRow[] = [];
    const messages: Message[] = [];
    for (const row of all) {
      // node:sqlite types a row by its columns' values only; the schema says which they are.
      const event = row as EventRow;
      events.push(event);
      messages.push(...(this.#changedBy.all(event.room, event.seq) as unknown as Message[]));
      if (messages.length >= PIECE) break;
    }
    return { events, messages };
  }

  /** @param expiring rooms whose oldest messages were removed */
  #write(
    messages: readonly Message[],
    first: number,
    last: number,
    expiring: Iterable<string> = [],
  ): void {
    this.#together(() => {
      for (const room of expiring) this.#clear.run(room, Number(this.#expired.get(room)?.id) + 1);
      for (const message of messages) this.#take(message);
      this.#move.run(first, last, Number(this.#hasErased));
    });
    [this.#first, this.#last] = [first, last];
  }

  /** Indexes a message in its current state. */
  #take(message: Message): void {
    const { id, seq, kind, room } = message;
    if (id !== seq) this.#remove.run(id);
    if (kind === 'message' || kind === 'poll') this.#insert.run(id, indexed(message));
    if (isClearing(message)) this.#clear.run(room, id);
  }

  #together(work: () => void): void {
    this.db.exec('BEGIN');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      // After some errors, such as a full disk, SQLite has rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }
}

function isClearing({ kind, body }: Message): boolean {
  return kind === 'system' && clearsHistory({ type: JSON.parse(body).action });
}
