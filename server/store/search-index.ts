import type { DatabaseSync } from 'node:sqlite';
import { openIndex } from './index-file.ts';
import type { Message } from './message.ts';
import { indexed, roomTerm } from './searchable.ts';

/** Events in one transaction: a search or the end of the server waits for no more. */
const PIECE = 250;
/** Entries of a room that was cleared, in one transaction. */
const CLEARED_PIECE = 1_000;

/** An event of the log, and the message it was the last to change, if there is one. */
type Row = { readonly event: number } & (Message | { readonly id: null });

/**
 * The index of what people wrote, a cursor over the log: it is behind those who write, and catches up
 * in pieces. It grows at both ends, the new one first: where a long history is indexed for the first
 * time, what was said last is found first.
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
  readonly #move;

  private constructor(chat: DatabaseSync, db: DatabaseSync) {
    this.db = db;
    const span = db.prepare('SELECT first, last FROM span').get();
    this.#first = Number(span?.first);
    this.#last = Number(span?.last);
    // Each change of a message is an event of its room, under whose number the message stands.
    const rows = (events: string) =>
      chat.prepare(
        `SELECT events.seq AS event, messages.*
         FROM (SELECT seq, room FROM events WHERE ${events} LIMIT ${PIECE}) AS events
         LEFT JOIN messages ON messages.room = events.room AND messages.seq = events.seq
         ORDER BY events.seq`,
      );
    this.#after = rows('seq > ? ORDER BY seq');
    this.#upTo = rows('seq <= ? ORDER BY seq DESC');
    this.#remove = db.prepare('DELETE FROM found WHERE rowid = ?');
    this.#insert = db.prepare('INSERT INTO found (rowid, terms) VALUES (?, ?)');
    this.#clear = db.prepare(
      `DELETE FROM found WHERE rowid IN
         (SELECT rowid FROM found WHERE found MATCH ? AND rowid < ? LIMIT ${CLEARED_PIECE})`,
    );
    this.#move = db.prepare('UPDATE span SET first = ?, last = ?');
  }

  /** Opens the index of a history, or makes it: see openIndex. */
  static open(chat: DatabaseSync, ...index: Parameters<typeof openIndex>): SearchIndex {
    const db = openIndex(...index);
    try {
      return new SearchIndex(chat, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** The events after `first` up to `last` are in it. */
  get span(): { readonly first: number; readonly last: number } {
    return { first: this.#first, last: this.#last };
  }

  /** Indexes a piece of what is new. False where nothing is. */
  follow(): boolean {
    const rows = this.#after.all(this.#last) as unknown as Row[];
    const newest = rows.at(-1);
    if (newest) this.#write(rows, this.#first, newest.event);
    return newest !== undefined;
  }

  /** Indexes a piece of what is old. False where all is indexed. */
  goBack(): boolean {
    if (this.#first === 0) return false;
    const rows = this.#upTo.all(this.#first) as unknown as Row[];
    const first = rows.length < PIECE ? 0 : (rows[0]?.event ?? 1) - 1;
    this.#write(rows, first, this.#last);
    return true;
  }

  close(): void {
    this.db.close();
  }

  #write(rows: readonly Row[], first: number, last: number): void {
    this.db.exec('BEGIN');
    try {
      // Where a room was cleared of more than a piece, the same rows come again.
      const isClear = rows.every((row) => row.id === null || this.#forget(row));
      if (isClear) {
        for (const row of rows) if (row.id !== null) this.#take(row);
        this.#move.run(first, last);
      }
      this.db.exec('COMMIT');
      if (isClear) [this.#first, this.#last] = [first, last];
    } catch (error) {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Indexes a message as it stands now. */
  #take(message: Message): void {
    const { id, seq, kind } = message;
    if (id !== seq) this.#remove.run(id);
    if (kind === 'said' || kind === 'poll') this.#insert.run(id, indexed(message));
  }

  /** Forgets what was there before a room was cleared. False where there is more of it. */
  #forget({ id, room, kind, body }: Message): boolean {
    if (kind !== 'act' || JSON.parse(body).act !== 'cleared') return true;
    return this.#clear.run(`"${roomTerm(room)}"`, id).changes < CLEARED_PIECE;
  }
}
