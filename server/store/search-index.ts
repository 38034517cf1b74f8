import type { DatabaseSync } from 'node:sqlite';
import { openIndex } from './index-file.ts';
import type { Message } from './message.ts';
import { indexed, roomTerm } from './searchable.ts';

/** Events, or messages to forget, in one transaction: a search or the end of the server waits for no more. */
const PIECE = 250;

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
  readonly #cleared;
  readonly #inRoom;
  readonly #goOn;
  readonly #done;
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
    this.#clear = db.prepare('INSERT OR REPLACE INTO cleared VALUES (?, 0, ?)');
    this.#cleared = db.prepare('SELECT room, after, before FROM cleared LIMIT 1');
    this.#inRoom = db.prepare(
      `SELECT rowid AS id FROM found WHERE found MATCH ? AND rowid > ? AND rowid < ?
       ORDER BY rowid LIMIT ${PIECE}`,
    );
    this.#goOn = db.prepare('UPDATE cleared SET after = ? WHERE room = ?');
    this.#done = db.prepare('DELETE FROM cleared WHERE room = ?');
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

  /** Forgets a piece of a room that was cleared. False where nothing is to be forgotten. */
  forget(): boolean {
    const cleared = this.#cleared.get();
    if (!cleared) return false;
    const room = String(cleared.room);
    const term = `"${roomTerm(room)}"`;
    const ids = this.#inRoom.all(term, Number(cleared.after), Number(cleared.before));
    const last = ids.length < PIECE ? undefined : Number(ids.at(-1)?.id);
    this.#together(() => {
      for (const { id } of ids) this.#remove.run(Number(id));
      if (last === undefined) this.#done.run(room);
      else this.#goOn.run(last, room);
    });
    return true;
  }

  close(): void {
    this.db.close();
  }

  #write(rows: readonly Row[], first: number, last: number): void {
    this.#together(() => {
      for (const row of rows) if (row.id !== null) this.#take(row);
      this.#move.run(first, last);
    });
    [this.#first, this.#last] = [first, last];
  }

  /** Indexes a message as it stands now. */
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
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }
}
