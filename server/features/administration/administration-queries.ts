import type { DatabaseSync } from 'node:sqlite';
import { serverTable } from './server-table.ts';

/** Queries of the pages of the server's owner. */
export function administrationQueries(db: DatabaseSync) {
  const server = serverTable(db);
  return {
    /** The uid of the server's owner; `null` where there is none. */
    serverOwner: () => server.owner(),
  };
}
