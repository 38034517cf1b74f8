import type { DatabaseSync } from 'node:sqlite';
import { isDamage, isTrouble, removeIndex } from './index-file.ts';
import type { Message } from './message.ts';
import { positions } from './position.ts';
import { SearchIndex } from './search-index.ts';
import { roomTerm } from './searchable.ts';

/** For so long a search waits for what is not indexed yet: that is some thousands of messages. */
const PATIENCE_MS = 100;

/** Terms that have to be there in a row. */
export interface Phrase {
  readonly terms: readonly string[];
  /** Whether the last of them may be only the beginning of what is there. */
  readonly isOpen: boolean;
}

export interface Found {
  readonly messages: readonly Message[];
  /** The part of the log that is indexed: 1 where nothing was left out. */
  readonly part: number;
}

/** What is found where nothing is indexed yet. */
const NOTHING: Found = { messages: [], part: 0 };

/** Searches a history by its index, and keeps that. */
export interface Search {
  /** The last messages of a room before `before` in which all phrases are, the newest first. */
  search(room: string, phrases: readonly Phrase[], before: number, limit: number): Found;
  /** Indexes a piece. False where there is nothing to index now. */
  index(): boolean;
  close(): void;
}

/**
 * @param chat the history, which is only read here
 * @param file the index: a path, or `:memory:`. Whatever is wrong with it, the chat goes on
 */
export function searcher(chat: DatabaseSync, file: string): Search {
  const position = positions(chat);
  const start = position();
  const clearedAt = chat.prepare(
    "SELECT settings ->> 'clearedSeq' AS seq FROM rooms WHERE name = ?",
  );
  const message = chat.prepare('SELECT * FROM messages WHERE id = ? AND room = ? AND seq <= ?');
  let opened: SearchIndex | undefined;

  /** Does something with the index. One that shows to be damaged is made anew. */
  function withIndex<T>(work: (index: SearchIndex) => T, otherwise: T): T {
    opened ??= SearchIndex.open(chat, file, start, position().head);
    try {
      return work(opened);
    } catch (error) {
      if (!isDamage(error)) throw error;
      opened.close();
      opened = undefined;
      removeIndex(file);
      return otherwise;
    }
  }

  const grow = () => withIndex((index) => index.follow() || index.goBack(), false);
  // Nothing that was cleared is found, whether or not the index has forgotten it.
  const tidy = () => withIndex((index) => index.forget(), false);

  /** Indexes a piece at least, and more as far as there is time. */
  function catchUp(): void {
    const end = performance.now() + PATIENCE_MS;
    try {
      while (grow() && performance.now() < end);
    } catch (error) {
      // The disk is full, for example: what is indexed can be searched all the same.
      if (!isTrouble(error)) throw error;
    }
  }

  function find(
    { db, span }: SearchIndex,
    ...[room, phrases, before, limit]: Parameters<Search['search']>
  ): Message[] {
    const all = [{ terms: [roomTerm(room)], isOpen: false }, ...phrases].map(ofIndex);
    const ids = db.prepare(
      `SELECT rowid AS id FROM found WHERE found MATCH ? AND rowid > ? AND rowid < ?
       ORDER BY rowid DESC`,
    );
    const floor = Number(clearedAt.get(room)?.seq ?? 0);
    const messages: Message[] = [];
    for (const { id } of ids.iterate(all.join(' AND '), floor, before)) {
      // The history has the last word: what changed since it was indexed may say something else now.
      const row: unknown = message.get(Number(id), room, span.last);
      if (row) messages.push(row as Message);
      if (messages.length === limit) break;
    }
    return messages;
  }

  return {
    search(...asked) {
      // One moment of the history for all of it.
      chat.exec('BEGIN');
      try {
        catchUp();
        if (!opened) return NOTHING;
        const { head } = position();
        return withIndex((index) => {
          const { first, last } = index.span;
          const part = head === 0 ? 1 : (last - first) / head;
          return { messages: find(index, ...asked), part };
        }, NOTHING);
      } finally {
        chat.exec('COMMIT');
      }
    },
    index: () => grow() || tidy(),
    close: () => opened?.close(),
  };
}

/** A phrase as FTS5 has it. Terms are of letters and digits: nothing in them ends the quote. */
function ofIndex({ terms, isOpen }: Phrase): string {
  return `"${terms.join(' ')}"${isOpen ? '*' : ''}`;
}
