import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { openIndex } from './index-file.ts';
import { indexed, roomTerm } from './searchable-text.ts';

/** Events to index, or messages to purge, per transaction: searches and shutdown wait for it. */
const PIECE = 250;
/** Pages of the index merged at once, for the same reason. */
const MERGED_PAGES = 50;
/** Removing erased terms rewrites the index: afterwards it pauses this many times longer. */
const TIDY_REST = 20;
/** The events that erase indexed text, besides clearing a room. */
const ERASING = new Set(['edited', 'deleted', 'option-marked', 'poll-acted']);

/** An event of the log, and the message that it was the last to change, if any. */
type Row = { readonly event: number; readonly did: string } & (Message | { readonly id: null });

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
  readonly #remove;
  readonly #insert;
  readonly #clear;
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
    // Each change of a message is an event of its room, and its number is the message's `seq`.
    const rows = (events: string) =>
      chat.prepare(
        `SELECT events.seq AS event, events.kind AS did, messages.*
         FROM (SELECT seq, kind, room FROM events WHERE ${events} LIMIT ${PIECE}) AS events
         LEFT JOIN messages ON messages.room = events.room AND messages.seq = events.seq
           AND messages.id >= coalesce((SELECT before FROM cleared WHERE room = events.room), 0)
         ORDER BY events.seq`,
      );
    this.#after = rows('seq > ? ORDER BY seq');
    this.#upTo = rows('seq <= ? ORDER BY seq DESC');
    this.#remove = db.prepare('DELETE FROM found WHERE rowid = ?');
    this.#insert = db.prepare('INSERT INTO found (rowid, terms) VALUES (?, ?)');
    this.#clear = db.prepare('INSERT OR REPLACE INTO cleared VALUES (?, 0, ?)');
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
    const rows = this.#after.all(this.#last) as unknown as Row[];
    const newest = rows.at(-1);
    if (rows.some(isErasing)) this.#noteErased();
    if (newest) this.#write(rows, this.#first, newest.event);
    return newest !== undefined;
  }

  /** Indexes a piece of the old events. False if all are indexed. */
  indexOld(): boolean {
    if (this.#first === 0) return false;
    const rows = this.#upTo.all(this.#first) as unknown as Row[];
    const first = rows.length < PIECE ? 0 : (rows[0]?.event ?? 1) - 1;
    this.#write(rows, first, this.#last);
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
    this.#move.run(this.#first, this.#last, Number(this.#hasErased));
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return false;
  }

  #noteErased(): void {
    this.#erasedMeanwhile = this.#isMerging;
    this.#hasErased = true;
  }

  #write(rows: readonly Row[], first: number, last: number): void {
    this.#together(() => {
      for (const row of rows) if (row.id !== null) this.#take(row);
      this.#move.run(first, last, Number(this.#hasErased));
    });
    [this.#first, this.#last] = [first, last];
  }

  /** Indexes a message in its current state. */
  #take(message: Message): void {
    const { id, seq, kind, room, body } = message;
    if (id !== seq) this.#remove.run(id);
    if (kind === 'said' || kind === 'poll') this.#insert.run(id, indexed(message));
    if (kind === 'act' && JSON.parse(body).act === 'cleared') this.#clear.run(room, id);
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

function isErasing(row: Row): boolean {
  const isCleared = row.id !== null && row.kind === 'act' && JSON.parse(row.body).act === 'cleared';
  return ERASING.has(row.did) || isCleared;
}
