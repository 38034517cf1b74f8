import type { DatabaseSync } from 'node:sqlite';
import { hashOf } from '../polls/suggestions.ts';

/** Keeps only a hash of removed suggestions: their texts were stored as keys. */
export function hashDropped(db: DatabaseSync): void {
  const update = db.prepare('UPDATE suggestions SET key = ? WHERE poll = ? AND option = ?');
  const dropped = db.prepare("SELECT poll, option, key FROM suggestions WHERE state = 'dropped'");
  for (const { poll, option, key } of dropped.all()) {
    update.run(hashOf(String(key)), Number(poll), Number(option));
  }
}
