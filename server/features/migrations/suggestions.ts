import type { DatabaseSync } from 'node:sqlite';
import { foldWord } from '../../shared/fold.ts';

/**
 * Gives texts in word clouds and Q&As their current key (fold.ts). Of two that have become the
 * same, the first gets it; the other keeps its own, and its votes.
 */
export function rekeySuggestions(db: DatabaseSync): void {
  db.function('fold_word', { deterministic: true }, (text) => foldWord(String(text)));
  db.exec("UPDATE OR IGNORE suggestions SET key = fold_word(text) WHERE state <> 'dropped'");
}
