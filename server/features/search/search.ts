import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { positions } from '../../storage/log-position.ts';
import { isCorrupt, isTransient, removeIndex } from './index-file.ts';
import { SearchIndex } from './search-index.ts';
import { isEmpty, nameKey, parseQuery, type Query } from './search-query.ts';
import { authorTerm, roomTerm, shownText, textOf } from './searchable-text.ts';
import { type SnippetPart, snippet } from './snippet.ts';

/** How long a search waits for indexing: enough for some hundreds of messages. */
const CATCH_UP_BUDGET_MS = 25;

/**
 * The maximum number of terms in a query of the index, which reads each term's entries, even
 * repeatedly. The rest of the query is checked in the messages that these find.
 */
const MAX_INDEX_TERMS = 24;
/** Messages that one search examines; the next one continues from there. */
const MAX_EXAMINED = 100;
/** The latest messages are a sample: of which rooms most messages are. */
const SAMPLE = 200;
/** The part of the sample, in per cent, from which on a search reads those of other rooms, too. */
const MOST = 75;

export interface SearchRequest {
  /** The rooms to search, all of which the client may enter. */
  readonly rooms: readonly string[];
  /** The query: see search-query.ts. */
  readonly text: string;
  /** Only messages before this one are searched. */
  readonly before: number;
  readonly limit: number;
}

/** A message that matches the query. */
export interface Hit {
  readonly message: Message;
  /** The part of its text around the match. */
  readonly snippet: readonly SnippetPart[];
}

export interface SearchResult {
  /** Newest first. */
  readonly hits: readonly Hit[];
  /** The message before which to continue, if there may be more. */
  readonly next?: number | undefined;
  /** The indexed share of the log: 1 if nothing is missing. */
  readonly coverage: number;
}

/** The result while nothing is indexed yet. */
const NOTHING: SearchResult = { hits: [], coverage: 0 };

/** Searches a history by its index, and updates that. */
export interface Search {
  /** The latest messages of the rooms that match; `undefined` if the query is too long. */
  search(request: SearchRequest): SearchResult | undefined;
  /**
   * Indexes a piece.
   * @returns milliseconds until there is more to do; `undefined` if nothing is left
   */
  index(): number | undefined;
  close(): void;
}

/**
 * @param chat the history, which is only read here
 * @param file the index: a path, or `:memory:`. Errors in it don't affect the chat
 * @param now a monotonic clock, in milliseconds
 */
export function searcher(
  chat: DatabaseSync,
  file: string,
  now: () => number = () => performance.now(),
): Search {
  const position = positions(chat);
  const start = position();
  const clearedAt = chat.prepare(
    "SELECT settings ->> 'clearedSeq' AS seq FROM rooms WHERE name = ?",
  );
  const message = chat.prepare('SELECT * FROM messages WHERE id = ? AND seq <= ?');
  const share = chat.prepare(
    `SELECT 100 * avg(room IN (SELECT value FROM json_each(?))) AS percent
     FROM (SELECT room FROM messages WHERE id < ? ORDER BY id DESC LIMIT ${SAMPLE})`,
  );
  let opened: SearchIndex | undefined;

  /** Runs something with the index. If the index turns out to be damaged, it is rebuilt. */
  function withIndex<T>(work: (index: SearchIndex) => T, otherwise: T): T {
    opened ??= SearchIndex.open(chat, file, start, position().head);
    try {
      return work(opened);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      opened.close();
      opened = undefined;
      removeIndex(file);
      return otherwise;
    }
  }

  const grow = () => withIndex((index) => index.indexNew() || index.indexOld(), false);
  // Cleared messages are never found, whether or not the index has purged them.
  const forget = () => withIndex((index) => index.purge(), false);
  // An index in memory leaves nothing behind.
  const tidy = () =>
    file === ':memory:' ? undefined : withIndex((index) => index.tidy(), undefined);

  /** Indexes at least one piece, and more while there is time. */
  function catchUp(): void {
    const end = now() + CATCH_UP_BUDGET_MS;
    try {
      while (grow() && now() < end);
    } catch (error) {
      // If the disk is full, for example, the indexed part can still be searched.
      if (!isTransient(error)) throw error;
    }
  }

  /**
   * The rooms by which the index is queried: none where most messages are in them. Their entries would
   * take the index longer than everything else, and exclude little.
   */
  function roomsInIndex({ rooms, before }: SearchRequest): readonly string[] {
    const { percent } = share.get(JSON.stringify(rooms), before) ?? {};
    return Number(percent) >= MOST ? [] : rooms;
  }

  function find(
    { db, coverage }: SearchIndex,
    request: SearchRequest,
    query: Query,
  ): Omit<SearchResult, 'coverage'> {
    const { rooms, before, limit } = request;
    const ids = db.prepare(
      `SELECT rowid AS id FROM found WHERE found MATCH ? AND rowid > ? AND rowid < ?
       ORDER BY rowid DESC`,
    );
    const floors = new Map(rooms.map((room) => [room, Number(clearedAt.get(room)?.seq ?? 0)]));
    const hits: Hit[] = [];
    let examined = 0;
    let last: number | undefined;
    const match = matchOf(roomsInIndex(request), query);
    for (const { id } of ids.iterate(match, Math.min(...floors.values()), before)) {
      if (hits.length === limit || examined === MAX_EXAMINED) return { hits, next: last };
      examined += 1;
      last = Number(id);
      // The history is authoritative: what changed since it was indexed may not match anymore.
      const row = message.get(last, coverage.last) as Message | undefined;
      const isThere = row && row.id > (floors.get(row.room) ?? Number.POSITIVE_INFINITY);
      const found = isThere && isBy(row, query) && snippet(textOf(row), query.phrases);
      // What is found in an address, for example, is found only in the text as it was written.
      if (row && found) {
        hits.push({ message: row, snippet: snippet(shownText(row), query.phrases) ?? found });
      }
    }
    return { hits };
  }

  return {
    search(request) {
      const query = parseQuery(request.text);
      if (!query) return undefined;
      if (isEmpty(query) || request.rooms.length === 0) return { hits: [], coverage: 1 };
      // One snapshot of the history for the whole search.
      chat.exec('BEGIN');
      try {
        catchUp();
        if (!opened) return NOTHING;
        const { head } = position();
        return withIndex((index) => {
          const { first, last } = index.coverage;
          const part = head === 0 ? 1 : (last - first) / head;
          return { ...find(index, request, query), coverage: part };
        }, NOTHING);
      } finally {
        chat.exec('COMMIT');
      }
    },
    index: () => (grow() || forget() ? 0 : tidy()),
    close: () => opened?.close(),
  };
}

/** Whether one of the authors wrote a message. */
function isBy({ name }: Message, { authors }: Query): boolean {
  return authors.length === 0 || authors.includes(nameKey(name ?? ''));
}

/**
 * The query for FTS5: only the first terms of each phrase, if they are too many together.
 * @param rooms those of the messages to find; empty for those of all rooms
 */
export function matchOf(rooms: readonly string[], { phrases, authors }: Query): string {
  const share = Math.max(1, Math.floor(MAX_INDEX_TERMS / phrases.length));
  const parts = phrases.map(({ terms, isPrefix }) =>
    ofIndex(terms.slice(0, share), isPrefix && terms.length <= share),
  );
  const anyOf = (terms: readonly string[]) =>
    terms.length === 0 ? [] : [`(${terms.map((term) => ofIndex([term], false)).join(' OR ')})`];
  return [...anyOf(rooms.map(roomTerm)), ...anyOf(authors.map(authorTerm)), ...parts].join(' AND ');
}

/** A phrase for FTS5. Terms consist of letters and digits, so nothing in them ends the quote. */
function ofIndex(terms: readonly string[], isPrefix: boolean): string {
  return `"${terms.join(' ')}"${isPrefix ? '*' : ''}`;
}
