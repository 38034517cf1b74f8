import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { positions } from '../../storage/log-position.ts';
import { isCorrupt, isTransient, removeIndex } from './index-file.ts';
import { SearchIndex } from './search-index.ts';
import { type Phrase, parseQuery } from './search-query.ts';
import { roomTerm, textOf } from './searchable-text.ts';
import { type SnippetPart, snippet } from './snippet.ts';

/** For so long a search waits for what is not indexed yet: that is some thousands of messages. */
const CATCH_UP_BUDGET_MS = 100;

/**
 * Terms that the index is asked for at once: each is read as far as it goes, and again where it stands
 * twice. What more there is in a query is looked for in the messages that are found by these.
 */
const MAX_INDEX_TERMS = 24;
/** Messages that one search looks at; the next one goes on from there. */
const MAX_EXAMINED = 100;

export interface SearchRequest {
  readonly room: string;
  /** What somebody searches for: see search-query.ts. */
  readonly text: string;
  /** Messages before this one. */
  readonly before: number;
  readonly limit: number;
}

/** A message in which all is that was searched for. */
export interface Hit {
  readonly message: Message;
  /** The part of its text around that. */
  readonly snippet: readonly SnippetPart[];
}

export interface SearchResult {
  /** The newest first. */
  readonly hits: readonly Hit[];
  /** The message before which to go on, where there may be more. */
  readonly next?: number | undefined;
  /** The part of the log that is indexed: 1 where nothing was left out. */
  readonly coverage: number;
}

/** What is found where nothing is indexed yet. */
const NOTHING: SearchResult = { hits: [], coverage: 0 };

/** Searches a history by its index, and keeps that. */
export interface Search {
  /** The last messages of a room with what is searched for; `undefined` where that is too much. */
  search(request: SearchRequest): SearchResult | undefined;
  /**
   * Indexes a piece.
   * @returns in how many milliseconds there is more to do; `undefined` where there is not
   */
  index(): number | undefined;
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
      if (!isCorrupt(error)) throw error;
      opened.close();
      opened = undefined;
      removeIndex(file);
      return otherwise;
    }
  }

  const grow = () => withIndex((index) => index.indexNew() || index.indexOld(), false);
  // Nothing that was cleared is found, whether or not the index has forgotten it.
  const forget = () => withIndex((index) => index.purge(), false);
  // What is only in memory leaves nothing behind.
  const tidy = () =>
    file === ':memory:' ? undefined : withIndex((index) => index.tidy(), undefined);

  /** Indexes a piece at least, and more as far as there is time. */
  function catchUp(): void {
    const end = performance.now() + CATCH_UP_BUDGET_MS;
    try {
      while (grow() && performance.now() < end);
    } catch (error) {
      // The disk is full, for example: what is indexed can be searched all the same.
      if (!isTransient(error)) throw error;
    }
  }

  function find(
    { db, coverage }: SearchIndex,
    { room, before, limit }: SearchRequest,
    phrases: readonly Phrase[],
  ): Omit<SearchResult, 'coverage'> {
    const ids = db.prepare(
      `SELECT rowid AS id FROM found WHERE found MATCH ? AND rowid > ? AND rowid < ?
       ORDER BY rowid DESC`,
    );
    const floor = Number(clearedAt.get(room)?.seq ?? 0);
    const hits: Hit[] = [];
    let examined = 0;
    let last: number | undefined;
    for (const { id } of ids.iterate(matchOf(room, phrases), floor, before)) {
      if (hits.length === limit || examined === MAX_EXAMINED) return { hits, next: last };
      examined += 1;
      last = Number(id);
      // The history has the last word: what changed since it was indexed may say something else now.
      const row = message.get(last, room, coverage.last) as Message | undefined;
      const shown = row && snippet(textOf(row), phrases);
      if (row && shown) hits.push({ message: row, snippet: shown });
    }
    return { hits };
  }

  return {
    search(request) {
      const phrases = parseQuery(request.text);
      if (!phrases) return undefined;
      if (phrases.length === 0) return { hits: [], coverage: 1 };
      // One moment of the history for all of it.
      chat.exec('BEGIN');
      try {
        catchUp();
        if (!opened) return NOTHING;
        const { head } = position();
        return withIndex((index) => {
          const { first, last } = index.coverage;
          const part = head === 0 ? 1 : (last - first) / head;
          return { ...find(index, request, phrases), coverage: part };
        }, NOTHING);
      } finally {
        chat.exec('COMMIT');
      }
    },
    index: () => (grow() || forget() ? 0 : tidy()),
    close: () => opened?.close(),
  };
}

/** What FTS5 is asked for: of each phrase its beginning, where all together are too many terms. */
export function matchOf(room: string, phrases: readonly Phrase[]): string {
  const share = Math.max(1, Math.floor(MAX_INDEX_TERMS / phrases.length));
  const parts = phrases.map(({ terms, isPrefix }) =>
    ofIndex(terms.slice(0, share), isPrefix && terms.length <= share),
  );
  return [ofIndex([roomTerm(room)], false), ...parts].join(' AND ');
}

/** A phrase as FTS5 has it. Terms are of letters and digits: nothing in them ends the quote. */
function ofIndex(terms: readonly string[], isPrefix: boolean): string {
  return `"${terms.join(' ')}"${isPrefix ? '*' : ''}`;
}
