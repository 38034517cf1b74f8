import type { DatabaseSync } from 'node:sqlite';

/** What would let its reader act as the person, or reveal another user, is left out. */
const SECRET: ReadonlySet<string> = new Set([
  'names.password_hash',
  'sessions.id',
  'browsers.browser',
  'voters.key',
]);

/**
 * All rows with one of the uids, of every table, a JSON object in each line: all that is stored about
 * a person, whatever features there are.
 */
export function* personExport(db: DatabaseSync, uids: readonly string[]): Iterable<string> {
  const tables = db
    .prepare(
      `SELECT tables.name AS name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND columns.name = 'uid' ORDER BY tables.name`,
    )
    .all();
  for (const { name } of tables) {
    const rows = db.prepare(`SELECT * FROM "${name}" WHERE uid = ?`);
    for (const uid of uids) {
      for (const row of rows.iterate(uid)) {
        const open = Object.entries(row).filter(([column]) => !SECRET.has(`${name}.${column}`));
        yield `${JSON.stringify({ table: name, ...Object.fromEntries(open) })}\n`;
      }
    }
  }
}
