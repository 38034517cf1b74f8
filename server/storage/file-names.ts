/** The files of the database and of the search index in a data directory. */
export const DATABASE = 'chat.sqlite';
export const SEARCH_INDEX = 'search.sqlite';
/** A compact copy of the database, while it is made and copied back. */
export const COMPACT_COPY = 'compacting.sqlite';
