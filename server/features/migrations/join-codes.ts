import type { DatabaseSync } from 'node:sqlite';
import { joinCodes } from '../rooms/join-codes.ts';

/** Gives every room a join code, in the order of their names. */
export function assignJoinCodes(db: DatabaseSync): void {
  db.exec(`CREATE TABLE join_codes (
     code TEXT PRIMARY KEY,
     room TEXT NOT NULL UNIQUE
   ) STRICT, WITHOUT ROWID;`);
  const codes = joinCodes(db);
  const update = db.prepare(
    "UPDATE rooms SET settings = json_set(settings, '$.joinCode', ?) WHERE name = ?",
  );
  for (const { name } of db.prepare('SELECT name FROM rooms ORDER BY name').all()) {
    update.run(codes.assign(String(name)), String(name));
  }
}
