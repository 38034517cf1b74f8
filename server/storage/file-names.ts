/** The files of the database and of the search index in a data directory. */
export const DATABASE = 'chat.sqlite';
export const SEARCH_INDEX = 'search.sqlite';
