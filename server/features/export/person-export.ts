import type { DatabaseSync } from 'node:sqlite';

/** What would let its reader act as the person, or reveal another user, is left out. */
const SECRET: ReadonlySet<string> = new Set([
  'names.password_hash',
  'sessions.id',
  'browsers.browser',
  'voters.key',
]);

/** Rows read for one part: other queries wait for it. */
const PART = 1_000;

/** Up to where the tables were read: the last row, by its primary key; of none, `null`. */
export interface ExportPosition {
  readonly table: string;
  readonly after: readonly (string | number)[] | null;
}

interface ExportPart {
  /** A JSON object in each line. */
  readonly text: string;
  /** Where the next part begins; `null` after the last. */
  readonly next: ExportPosition | null;
}

/** All rows with one of some uids, of every table: all that is stored about a person, whatever features there are. */
export function personQueries(db: DatabaseSync) {
  /** The first table from a name on. */
  function tableFrom(name: string, isAfter: boolean): string | undefined {
    const found = db
      .prepare(
        `SELECT tables.name AS name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND columns.name = 'uid' AND tables.name ${isAfter ? '>' : '>='} ?
         ORDER BY tables.name LIMIT 1`,
      )
      .get(name);
    return found && String(found.name);
  }

  function keyOf(table: string): readonly string[] {
    const columns = db
      .prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
      .all(table);
    return columns.map(({ name }) => `"${name}"`);
  }

  return {
    /** The next part of what is stored about users. */
    personPart(uids: readonly string[], from: ExportPosition | null): ExportPart {
      const table = tableFrom(from?.table ?? '', false);
      if (table === undefined) return { text: '', next: null };
      const after = from?.after ?? null;
      const key = keyOf(table).join(', ');
      const places = after?.map(() => '?').join(', ');
      const rest = `FROM "${table}" ${after ? `WHERE (${key}) > (${places})` : ''} ORDER BY ${key}`;
      const rows = db
        .prepare(
          `SELECT * FROM (SELECT * ${rest} LIMIT ${PART})
           WHERE uid IN (SELECT value FROM json_each(?))`,
        )
        .all(...(after ?? []), JSON.stringify(uids));
      const last = db
        .prepare(`SELECT ${key} ${rest} LIMIT 1 OFFSET ${PART - 1}`)
        .get(...(after ?? []));
      const text = rows.map((row) => lineOf(table, row)).join('');
      // A key has texts and numbers only.
      if (last) return { text, next: { table, after: Object.values(last) as (string | number)[] } };
      const following = tableFrom(table, true);
      return { text, next: following === undefined ? null : { table: following, after: null } };
    },
  };
}

/** The same at once, of a database that nobody else reads. */
export function* personExport(db: DatabaseSync, uids: readonly string[]): Iterable<string> {
  const { personPart } = personQueries(db);
  let from: ExportPosition | null = null;
  do {
    const { text, next }: ExportPart = personPart(uids, from);
    yield text;
    from = next;
  } while (from);
}

function lineOf(table: string, row: Readonly<Record<string, unknown>>): string {
  const open = Object.entries(row).filter(([column]) => !SECRET.has(`${table}.${column}`));
  return `${JSON.stringify({ table, ...Object.fromEntries(open) })}\n`;
}
