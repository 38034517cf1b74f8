import type { DatabaseSync } from 'node:sqlite';
import type { Message } from './message.ts';
import { roomTerm } from './searchable.ts';

/** Terms that have to be there in a row. */
export interface Phrase {
  readonly terms: readonly string[];
  /** Whether the last of them may be only the beginning of what is there. */
  readonly isOpen: boolean;
}

/** Makes the function that finds the last messages of a room before `before`, the newest first. */
export function searcher(
  db: DatabaseSync,
): (room: string, phrases: readonly Phrase[], before: number, limit: number) => Message[] {
  const find = db.prepare(
    `SELECT messages.* FROM found CROSS JOIN messages ON messages.id = found.rowid
     WHERE found MATCH ? AND found.rowid < ? ORDER BY found.rowid DESC LIMIT ?`,
  );
  return (room, phrases, before, limit) => {
    const all = [{ terms: [roomTerm(room)], isOpen: false }, ...phrases].map(ofIndex);
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    const rows: unknown = find.all(all.join(' AND '), before, limit);
    return rows as Message[];
  };
}

/** A phrase as FTS5 has it. Terms are of letters and digits: nothing in them ends the quote. */
function ofIndex({ terms, isOpen }: Phrase): string {
  return `"${terms.join(' ')}"${isOpen ? '*' : ''}`;
}
